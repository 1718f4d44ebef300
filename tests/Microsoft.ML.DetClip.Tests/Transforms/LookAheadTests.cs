using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Tests;

public sealed class LookAheadTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void At_most_two_batches_more_are_read_than_were_consumed(int batchSize)
    {
        var read = 0;
        using var detector = _mlContext.Fit(Toy.Options with { BatchSize = batchSize }, Rows(100, () => read++));
        var taken = 0;

        foreach (var row in _mlContext.Data.CreateEnumerable<FoundRow>(detector.Transform(Rows(100, () => read++)), reuseRowObject: false).Take(19))
        {
            taken++;
            Assert.NotEmpty(row.Detections);
            Assert.InRange(Volatile.Read(ref read), taken, taken + 2 * batchSize);
        }
    }

    [Fact]
    public void The_next_batch_is_read_without_being_asked_for()
    {
        var read = 0;
        using var detector = _mlContext.Fit(Toy.Options with { BatchSize = 3 }, Rows(1, () => { }));
        var found = detector.Transform(Rows(100, () => read++));
        using var cursor = found.GetRowCursor([found.Schema["Detections"]]);
        var detections = DetectionList.Empty;

        Assert.True(cursor.MoveNext());
        Assert.Equal(3, read);
        cursor.GetGetter<DetectionList>(found.Schema["Detections"])(ref detections);

        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref read) == 6, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void A_cursor_that_is_left_waits_for_the_row_it_is_reading_and_reads_no_more()
    {
        var (read, isReading) = (0, false);
        using var halfRead = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        using var detector = _mlContext.Fit(Toy.Options with { BatchSize = 4 }, Rows(1, () => { }));
        var found = detector.Transform(Rows(100, () =>
        {
            if (++read != 6) return;
            isReading = true;
            halfRead.Set();
            goOn.Wait();
            isReading = false;
        }));
        var cursor = found.GetRowCursor([found.Schema["Detections"]]);
        var detections = DetectionList.Empty;
        Assert.True(cursor.MoveNext());
        cursor.GetGetter<DetectionList>(found.Schema["Detections"])(ref detections);
        Assert.True(halfRead.Wait(TimeSpan.FromMinutes(1)));

        using var later = new Timer(_ => goOn.Set(), null, dueTime: 100, Timeout.Infinite);
        cursor.Dispose();

        Assert.False(Volatile.Read(ref isReading));
        var readAtTheEnd = read;
        Thread.Sleep(50);
        Assert.Equal(readAtTheEnd, Volatile.Read(ref read));
    }

    [Fact]
    public void A_mapper_behind_does_not_make_it_read_further()
    {
        var read = 0;
        using var detector = _mlContext.Fit(Toy.Options, Rows(1, () => { }));
        var data = detector.Transform(Rows(1000, () => read++));
        var found = _mlContext.Transforms.Concatenate("Both", "Id", "Id").Fit(data).Transform(data);

        using var cursor = found.GetRowCursor([found.Schema["Both"], found.Schema["Score"]]);
        for (var i = 0; i < 3; i++) Assert.True(cursor.MoveNext());

        Assert.InRange(Volatile.Read(ref read), 3, 3 + 2 * Toy.Options.BatchSize);
    }

    [Fact]
    public void Columns_of_the_input_alone_run_nothing()
    {
        var data = Rows(10, () => { });
        var detector = _mlContext.Fit(Toy.Options, data);
        var found = detector.Transform(data);
        detector.Dispose();

        Assert.Equal(Enumerable.Range(0, 10), found.GetColumn<int>("Id"));
        Assert.Throws<ObjectDisposedException>(() => found.GetColumn<float[]>("Score").Count());
    }

    [Fact]
    public void Rows_before_a_bad_one_are_served_and_the_bad_one_says_what_is_wrong()
    {
        var good = SaveImage();
        var missing = _folder.PathOf("missing.png");
        var data = _mlContext.Data.LoadFromEnumerable(new[] { good, good, missing, good }.Select(path => new PathRow { Image = path }));
        using var detector = _mlContext.Fit(Toy.Options, data);
        var found = detector.Transform(data);
        using var cursor = found.GetRowCursor([found.Schema["Detections"]]);
        var getter = cursor.GetGetter<DetectionList>(found.Schema["Detections"]);
        DetectionList detections = DetectionList.Empty;

        for (var i = 0; i < 2; i++)
        {
            Assert.True(cursor.MoveNext());
            getter(ref detections);
            Assert.Single(detections);
        }
        Assert.True(cursor.MoveNext());
        var thrown = Assert.Throws<FileNotFoundException>(() => getter(ref detections));
        Assert.Contains(missing, thrown.Message, StringComparison.Ordinal);
        Assert.True(cursor.MoveNext());
        getter(ref detections);
        Assert.Single(detections);
        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void An_input_that_fails_fails_at_its_row()
    {
        IEnumerable<PathRow> Failing()
        {
            for (var i = 0; i < 3; i++) yield return new() { Image = SaveImage() };
            throw new IOException("the disk is gone");
        }
        var data = _mlContext.Data.LoadFromEnumerable(Failing());
        using var detector = _mlContext.Fit(Toy.Options, data);
        var rows = 0;

        var thrown = Assert.Throws<IOException>(() =>
        {
            foreach (var row in _mlContext.Data.CreateEnumerable<FoundRow>(detector.Transform(data), reuseRowObject: false)) rows += row.Detections.Count;
        });

        Assert.Equal("the disk is gone", thrown.Message);
        Assert.Equal(3, rows);
    }

    [Fact]
    public void Data_operations_of_ML_NET_work_around_it()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new PathRow { Id = i, Image = SaveImage() }).ToArray());
        using var detector = _mlContext.Fit(Toy.Options, data);
        var found = detector.Transform(data);
        var operations = _mlContext.Data;

        Assert.Equal(5, Scores(operations.TakeRows(found, 5)).Length);
        Assert.Equal([7, 8], operations.TakeRows(operations.SkipRows(found, 7), 2).GetColumn<int>("Id"));
        Assert.Equal(Scores(found), Scores(operations.Cache(found)));
        Assert.Equal(Enumerable.Range(0, 20), operations.ShuffleRows(found, seed: 3).GetColumn<int>("Id").Order());
        Assert.Equal(Scores(found), Scores(detector.Transform(operations.ShuffleRows(data, seed: 3))));
        Assert.Equal([4, 5, 6], operations.FilterByCustomPredicate<PathRow>(found, row => row.Id is < 4 or > 6).GetColumn<int>("Id"));
        Assert.Equal(20, found.Preview(maxRows: 100).RowView.Length);
        Assert.Equal(20, operations.TrainTestSplit(found, 0.3).TrainSet.GetColumn<float[]>("Score").Count() + operations.TrainTestSplit(found, 0.3).TestSet.GetColumn<float[]>("Score").Count());
    }

    [Fact]
    public void An_image_column_comes_through_alive_beside_the_detections()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new PathRow { Id = i, Image = SaveImage() }).ToArray());
        var images = _mlContext.Transforms.LoadImages("Image", null, "Image").Fit(data).Transform(data);
        using var detector = _mlContext.Fit(Toy.Options, images);
        var found = detector.Transform(images);
        using var cursor = found.GetRowCursor([found.Schema["Image"], found.Schema["Detections"]]);
        var (image, detections) = (cursor.GetGetter<MLImage>(found.Schema["Image"]), cursor.GetGetter<DetectionList>(found.Schema["Detections"]));
        MLImage picture = null!;
        DetectionList list = DetectionList.Empty;

        var rows = 0;
        for (; cursor.MoveNext(); rows++)
        {
            image(ref picture);
            detections(ref list);
            image(ref picture);
            Assert.Equal(100 * 80 * 4, picture.Pixels.Length);
            Assert.Single(list);
        }

        Assert.Equal(20, rows);
    }

    [Fact]
    public void Images_that_belong_to_the_caller_are_not_disposed()
    {
        var mine = Enumerable.Range(0, 5).Select(i => ToyImage.WithRed(50 + i, 40, new(5, 5, 30, 30)).ToMLImage()).ToArray();
        var data = _mlContext.Data.LoadFromEnumerable(mine.Select(image => new ImageRow { Image = image }));
        using var detector = _mlContext.Fit(Toy.Options with { BatchSize = 2 }, data);

        for (var pass = 0; pass < 2; pass++)
            Assert.All(_mlContext.Rows(detector.Transform(data)), row => Assert.Single(row.Detections));

        Assert.Equal([50, 51, 52, 53, 54], mine.Select(image => image.Pixels.Length / 40 / 4));
        Array.ForEach(mine, image => image.Dispose());
    }

    private float[][] Scores(IDataView found) => [.. found.GetColumn<float[]>("Score")];

    private IDataView Rows(int count, Action read)
    {
        var image = SaveImage();
        IEnumerable<PathRow> Read()
        {
            for (var i = 0; i < count; i++)
            {
                read();
                yield return new() { Id = i, Image = image };
            }
        }
        return _mlContext.Data.LoadFromEnumerable(Read());
    }

    private string SaveImage() => ToyImage.WithRed(100, 80, new(10, 20, 60, 70)).Save(_folder);

    private sealed class ImageRow
    {
        [ImageOfAnySize]
        public MLImage Image { get; set; } = null!;
    }
}
