using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.DetClip.Tests;

public sealed class ColumnBufferTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_that_the_input_makes_are_all_disposed_with_the_cursor(bool readImages)
    {
        var input = new MakingView(rows: 11);
        using var detector = _mlContext.Fit(Toy.Options with { BatchSize = 4 }, input);
        var found = detector.Transform(input);

        using (var cursor = found.GetRowCursor(readImages ? found.Schema : found.Schema.Where(c => c.Name == "Score")))
        {
            var scores = cursor.GetGetter<VBuffer<float>>(found.Schema["Score"]);
            var images = readImages ? cursor.GetGetter<MLImage>(found.Schema["Image"]) : null;
            VBuffer<float> score = default;
            MLImage image = null!;
            for (var row = 0; row < 6; row++)
            {
                Assert.True(cursor.MoveNext());
                scores(ref score);
                images?.Invoke(ref image);
                Assert.Equal(1, score.Length);
                Assert.All(images is null ? [] : new[] { image }, i => Assert.False(IsDisposed(i)));
            }
        }

        Assert.InRange(input.Made.Count, 9, 12); // 8 rows of two batches, the first one twice, and what was read of the third batch
        Assert.All(input.Made, image => Assert.True(IsDisposed(image)));
    }

    [Fact]
    public void Images_that_a_consumer_keeps_stay_alive_but_for_the_last()
    {
        var input = new MakingView(rows: 7);
        using var detector = _mlContext.Fit(Toy.Options with { BatchSize = 2 }, input);
        var found = detector.Transform(input);
        List<MLImage> kept = [];

        using (var cursor = found.GetRowCursor(found.Schema))
        {
            var images = cursor.GetGetter<MLImage>(found.Schema["Image"]);
            while (cursor.MoveNext())
            {
                MLImage image = null!;
                images(ref image);
                kept.Add(image);
            }
        }

        Assert.Equal([false, false, false, false, false, false, true], kept.Select(IsDisposed));
    }

    private static bool IsDisposed(MLImage image)
    {
        try
        {
            return image.Pixels.IsEmpty;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    /// <summary>Makes a new image each time, as LoadImages does, and remembers them all.</summary>
    private sealed class MakingView : IDataView
    {
        private readonly int _rows;

        public MakingView(int rows)
        {
            _rows = rows;
            var builder = new DataViewSchema.Builder();
            builder.AddColumn("Image", new ImageDataViewType());
            Schema = builder.ToSchema();
        }

        public List<MLImage> Made { get; } = [];

        public bool CanShuffle => false;

        public DataViewSchema Schema { get; }

        public long? GetRowCount() => _rows;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [new Cursor(this)];

        private sealed class Cursor(MakingView view) : DataViewRowCursor
        {
            private long _position = -1;

            public override DataViewSchema Schema => view.Schema;

            public override long Position => _position;

            public override long Batch => 0;

            public override bool IsColumnActive(DataViewSchema.Column column) => true;

            public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => (ValueGetter<TValue>)(object)(ValueGetter<MLImage>)Make;

            public override bool MoveNext() => ++_position < view._rows;

            private void Make(ref MLImage image)
            {
                image?.Dispose();
                image = ToyImage.WithRed(60, 50, new(10, 10, 40, 40)).ToMLImage();
                view.Made.Add(image);
            }
        }
    }
}
