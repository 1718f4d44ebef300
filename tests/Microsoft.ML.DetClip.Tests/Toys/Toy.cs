namespace Microsoft.ML.DetClip.Tests;

/// <summary>Shortcuts of the tests around <see cref="ToyDetector"/>.</summary>
internal static class Toy
{
    public static OpenVocabularyDetectionEstimator.Options Options { get; } = new() { Labels = ["red", "green", "blue"] };

    public static OpenVocabularyDetectionTransformer Fit(this MLContext mlContext, OpenVocabularyDetectionEstimator.Options options, IDataView data, DetectorModel? model = null) =>
        mlContext.Transforms.DetectOpenVocabulary(model ?? ToyDetector.Model, options).Fit(data);

    public static FoundRow[] Rows(this MLContext mlContext, IDataView found) => [.. mlContext.Data.CreateEnumerable<FoundRow>(found, reuseRowObject: false)];

    /// <summary>Distance of the worst edge, in pixels.</summary>
    public static float WorstEdge(Box a, Box b) =>
        new[] { a.X0 - b.X0, a.Y0 - b.Y0, a.X1 - b.X1, a.Y1 - b.Y1 }.Max(MathF.Abs);

    public static string Show(IEnumerable<Detection> detections) => string.Join("\n", detections.Select(d => $"{d.Label} {d.Score:R} {d.Box}"));
}
