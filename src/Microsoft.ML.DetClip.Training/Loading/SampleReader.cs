using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Reads the rows of a data view as samples. Images stay encoded: a path, or the bytes of a file.</summary>
internal sealed class SampleReader(DetClipTrainer.Options options)
{
    private const string ImageHint = "a path (text) or an encoded image (vector of Byte), such as LoadRawImageBytes gives";
    private const string LabelHint = "a label for each box (vector of text)";
    private const string CrowdHint = "true for each box around a crowd (vector of Boolean)";
    private const string BoxHint = "x0, y0, x1, y1 of each box, one after the other (vector of Single)";

    /// <summary>Throws when a column is missing or of another type.</summary>
    /// <exception cref="ArgumentException">Says which column, and what it must hold.</exception>
    public void Check(DataViewSchema schema)
    {
        Check(schema, options.ImageColumnName, t => t is TextDataViewType || IsVectorOf<byte>(t), ImageHint);
        Check(schema, options.LabelColumnName, t => t is VectorDataViewType { ItemType: TextDataViewType }, LabelHint);
        Check(schema, options.BoundingBoxColumnName, IsVectorOf<float>, BoxHint);
        if (HasCrowds(schema)) Check(schema, options.CrowdColumnName!, IsVectorOf<bool>, CrowdHint);
    }

    /// <summary>All rows, in their order.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row makes no sense; says which and why.</exception>
    public IReadOnlyList<TrainingSample> Read(IDataView data)
    {
        Check(data.Schema);
        using var cursor = data.GetRowCursor(Columns(data.Schema).Select(name => data.Schema[name]));
        var image = ImageGetter(cursor, data.Schema[options.ImageColumnName]);
        var labels = cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(data.Schema[options.LabelColumnName]);
        var boxes = cursor.GetGetter<VBuffer<float>>(data.Schema[options.BoundingBoxColumnName]);
        var crowds = HasCrowds(data.Schema) ? cursor.GetGetter<VBuffer<bool>>(data.Schema[options.CrowdColumnName!]) : null;
        var samples = new List<TrainingSample>();
        while (cursor.MoveNext())
        {
            var source = image();
            var sample = new TrainingSample { Image = source, Boxes = Boxes(boxes, source), Concepts = Concepts(labels) }.Checked();
            samples.Add(crowds is null ? sample : sample.Without([.. Get(crowds).DenseValues()]));
        }
        return samples;
    }

    private IEnumerable<string> Columns(DataViewSchema schema)
    {
        string[] needed = [options.ImageColumnName, options.LabelColumnName, options.BoundingBoxColumnName];
        return HasCrowds(schema) ? needed.Append(options.CrowdColumnName!) : needed;
    }

    private bool HasCrowds(DataViewSchema schema) => options.CrowdColumnName is { } name && schema.GetColumnOrNull(name) is not null;

    private static Func<ImageSource> ImageGetter(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        if (column.Type is TextDataViewType)
        {
            var path = cursor.GetGetter<ReadOnlyMemory<char>>(column);
            return () => new ImageSource(Get(path).ToString());
        }
        var bytes = cursor.GetGetter<VBuffer<byte>>(column);
        return () => new ImageSource($"row {cursor.Position}", Get(bytes).DenseValues().ToArray());
    }

    private static Box[] Boxes(ValueGetter<VBuffer<float>> getter, ImageSource image)
    {
        var numbers = Get(getter).DenseValues().ToArray();
        if (numbers.Length % 4 != 0)
            throw new InvalidDataException($"The image '{image.Name}' has {numbers.Length} numbers of boxes; each box has four: x0, y0, x1, y1.");
        return [.. numbers.Chunk(4).Select(n => new Box(n[0], n[1], n[2], n[3]))];
    }

    private Concept[] Concepts(ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter) =>
        [.. Get(getter).DenseValues().Select(label => label.ToString()).Select(name => new Concept(name, options.Definitions.GetValueOrDefault(name)))];

    private static T Get<T>(ValueGetter<T> getter) where T : struct
    {
        T value = default;
        getter(ref value);
        return value;
    }

    private static bool IsVectorOf<T>(DataViewType type) => type is VectorDataViewType vector && vector.ItemType.RawType == typeof(T);

    private static void Check(DataViewSchema schema, string name, Func<DataViewType, bool> reads, string hint)
    {
        if (schema.GetColumnOrNull(name) is not { } column) throw new ArgumentException($"The input has no column '{name}'; it must hold {hint}.", "input");
        if (!reads(column.Type)) throw new ArgumentException($"Column '{name}' is of type {column.Type}; it must hold {hint}.", "input");
    }
}
