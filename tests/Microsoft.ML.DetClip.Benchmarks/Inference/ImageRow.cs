using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>A picture file as a row of a data view.</summary>
internal sealed class ImageRow
{
    /// <summary>Its path.</summary>
    public string Image { get; set; } = "";

    /// <summary>Files as rows, in their order.</summary>
    public static IDataView Load(MLContext context, IEnumerable<string> paths) => context.Data.LoadFromEnumerable(paths.Select(path => new ImageRow { Image = path }).ToArray());

    /// <summary>Runs a detector on all rows.</summary>
    public static DetectionList[] Find(OpenVocabularyDetectionTransformer detector, IDataView rows) =>
        [.. detector.Transform(rows).GetColumn<DetectionList>(detector.Options.DetectionsColumnName)];
}
