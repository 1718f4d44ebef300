using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Training;

/// <summary>The columns of training data: which there may be, which must be, and of what type.</summary>
internal sealed class SampleColumns(DetClipTrainer.Options options)
{
    private const string ImageHint = "a path (text) or an encoded image (vector of Byte), such as LoadRawImageBytes gives";
    private const string LabelHint = "a label for each box, or the phrases of a caption (vector of text)";
    private const string BoxHint = "x0, y0, x1, y1 of each box, one after the other (vector of Single)";
    private const string CrowdHint = "true for each box around a crowd (vector of Boolean)";
    private const string CaptionHint = "a sentence about the image (text)";
    private const string KindHint = "detection, grounding, pairs or nothing (text)";

    /// <summary>All columns that are read where they are there.</summary>
    public IEnumerable<string> Names => new[]
    {
        options.ImageColumnName, options.LabelColumnName, options.BoundingBoxColumnName,
        options.CrowdColumnName, options.CaptionColumnName, options.KindColumnName,
    }.OfType<string>();

    /// <summary>Throws when a column is missing or of another type. Where there are captions, there need not be labels or boxes.</summary>
    /// <exception cref="ArgumentException">Says which column, and what it must hold.</exception>
    public void Check(DataViewSchema schema)
    {
        var mayLackBoxes = Find(schema, options.CaptionColumnName) is not null;
        var mayLackLabels = mayLackBoxes && Find(schema, options.BoundingBoxColumnName) is null;
        Check(schema, options.ImageColumnName, t => t is TextDataViewType || IsVectorOf<byte>(t), ImageHint);
        Check(schema, options.BoundingBoxColumnName, IsVectorOf<float>, BoxHint, mayLackBoxes);
        Check(schema, options.LabelColumnName, t => t is VectorDataViewType { ItemType: TextDataViewType }, LabelHint, mayLackLabels);
        Check(schema, options.CrowdColumnName, IsVectorOf<bool>, CrowdHint, mayLack: true);
        Check(schema, options.CaptionColumnName, t => t is TextDataViewType, CaptionHint, mayLack: true);
        Check(schema, options.KindColumnName, t => t is TextDataViewType, KindHint, mayLack: true);
    }

    /// <summary>The columns that are there.</summary>
    public IEnumerable<DataViewSchema.Column> In(DataViewSchema schema) => Names.Select(name => Find(schema, name)).OfType<DataViewSchema.Column>();

    /// <summary>The column of that name; null when there is none.</summary>
    public static DataViewSchema.Column? Find(DataViewSchema schema, string? name) => name is null ? null : schema.GetColumnOrNull(name);

    private static bool IsVectorOf<T>(DataViewType type) => type is VectorDataViewType vector && vector.ItemType.RawType == typeof(T);

    private static void Check(DataViewSchema schema, string? name, Func<DataViewType, bool> reads, string hint, bool mayLack = false)
    {
        if (Find(schema, name) is not { } column)
        {
            if (!mayLack) throw new ArgumentException($"The input has no column '{name}'; it must hold {hint}.", "input");
        }
        else if (!reads(column.Type)) throw new ArgumentException($"Column '{name}' is of type {column.Type}; it must hold {hint}.", "input");
    }
}
