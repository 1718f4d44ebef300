using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Reads the rows of a data view as samples. Images stay encoded: a path, or the bytes of a file.</summary>
internal sealed class SampleReader(DetClipTrainer.Options options)
{
    private readonly SampleColumns _columns = new(options);
    private readonly Dictionary<string, Concept> _categories = []; // each name and definition once in memory
    private readonly Dictionary<string, Concept> _phrases = [];

    /// <summary>All rows, in their order.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row makes no sense; says which and why.</exception>
    public IReadOnlyList<TrainingSample> Read(IDataView data)
    {
        _columns.Check(data.Schema);
        using var cursor = data.GetRowCursor(_columns.In(data.Schema));
        var row = new Row(cursor, options);
        var samples = new List<TrainingSample>();
        while (cursor.MoveNext()) samples.Add(ReadSample(row, cursor.Position));
        return samples;
    }

    private TrainingSample ReadSample(Row row, long position)
    {
        try
        {
            return ReadSample(row);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"Row {position}: {e.Message}", e);
        }
    }

    private TrainingSample ReadSample(Row row)
    {
        var image = row.Image();
        var (boxes, caption) = (Boxes(row.Boxes(), image), row.Caption());
        var kind = KindOf(row.Kind(), boxes.Length > 0, !string.IsNullOrWhiteSpace(caption), image);
        var sample = new TrainingSample
        {
            Kind = kind,
            Image = image,
            Boxes = kind == SampleKind.Pairs ? [] : boxes,
            Concepts = Concepts(row.Labels(), kind),
            Caption = kind == SampleKind.Detection ? null : caption,
        }.Checked();
        return row.HasCrowds && kind != SampleKind.Pairs ? sample.WithCrowds([.. row.Crowds().DenseValues()]) : sample;
    }

    private static SampleKind KindOf(string given, bool hasBoxes, bool hasCaption, ImageSource image)
    {
        if (string.IsNullOrWhiteSpace(given))
            return (hasBoxes, hasCaption) switch { (_, false) => SampleKind.Detection, (true, _) => SampleKind.Grounding, _ => SampleKind.Pairs };
        foreach (var kind in Enum.GetValues<SampleKind>())
            if (given.Trim().Equals(kind.ToString(), StringComparison.OrdinalIgnoreCase)) return kind;
        throw new InvalidDataException(
            $"The image '{image.Name}' is of kind '{given}'; a kind is detection, grounding, pairs or nothing. KindColumnName = null ignores the column.");
    }

    private static Box[] Boxes(VBuffer<float> column, ImageSource image)
    {
        var numbers = column.DenseValues().ToArray();
        if (numbers.Length % 4 != 0)
            throw new InvalidDataException($"The image '{image.Name}' has {numbers.Length} numbers of boxes; each box has four: x0, y0, x1, y1.");
        return [.. numbers.Chunk(4).Select(n => new Box(n[0], n[1], n[2], n[3]))];
    }

    // Categories are enriched, phrases stay as they are: the caption says what they mean.
    private Concept[] Concepts(VBuffer<ReadOnlyMemory<char>> labels, SampleKind kind) => kind == SampleKind.Detection
        ? [.. labels.DenseValues().Select(label => Once(_categories, label.Span, options.Define))]
        : [.. labels.DenseValues().Select(label => Once(_phrases, label.Span, name => new Concept(name)))];

    private static Concept Once(Dictionary<string, Concept> known, ReadOnlySpan<char> name, Func<string, Concept> make)
    {
        var bySpan = known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!bySpan.TryGetValue(name, out var concept)) bySpan[name] = concept = make(name.ToString());
        return concept;
    }

    /// <summary>The cells of the row that a cursor stands on; those of columns that are not there are empty.</summary>
    private sealed class Row(DataViewRowCursor cursor, DetClipTrainer.Options options)
    {
        public Func<ImageSource> Image { get; } = ImageGetter(cursor, cursor.Schema[options.ImageColumnName]);

        public Func<VBuffer<ReadOnlyMemory<char>>> Labels { get; } = Getter<VBuffer<ReadOnlyMemory<char>>>(cursor, options.LabelColumnName);

        public Func<VBuffer<float>> Boxes { get; } = Getter<VBuffer<float>>(cursor, options.BoundingBoxColumnName);

        public Func<VBuffer<bool>> Crowds { get; } = Getter<VBuffer<bool>>(cursor, options.CrowdColumnName);

        public bool HasCrowds { get; } = SampleColumns.Find(cursor.Schema, options.CrowdColumnName) is not null;

        public Func<string> Caption { get; } = TextGetter(cursor, options.CaptionColumnName);

        public Func<string> Kind { get; } = TextGetter(cursor, options.KindColumnName);

        private static Func<ImageSource> ImageGetter(DataViewRowCursor cursor, DataViewSchema.Column column)
        {
            if (column.Type is TextDataViewType)
            {
                var path = TextGetter(cursor, column.Name);
                return () => new ImageSource(path());
            }
            var bytes = Getter<VBuffer<byte>>(cursor, column.Name);
            return () => new ImageSource($"row {cursor.Position}", bytes().DenseValues().ToArray());
        }

        private static Func<string> TextGetter(DataViewRowCursor cursor, string? column)
        {
            var text = Getter<ReadOnlyMemory<char>>(cursor, column);
            return () => text().ToString();
        }

        private static Func<T> Getter<T>(DataViewRowCursor cursor, string? column) where T : struct
        {
            if (SampleColumns.Find(cursor.Schema, column) is not { } found) return () => default;
            var getter = cursor.GetGetter<T>(found);
            return () =>
            {
                T value = default;
                getter(ref value);
                return value;
            };
        }
    }
}
