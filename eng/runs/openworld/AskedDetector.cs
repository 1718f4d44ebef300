using Microsoft.ML;
using Microsoft.ML.DetClip;
using Microsoft.ML.DetClip.Datasets;

namespace OpenWorldRuns;

/// <summary>Asks a trained detector for concepts of a world in the images of its evaluation.</summary>
internal static class AskedDetector
{
    /// <summary>What is found in each image, in their order.</summary>
    /// <param name="arguments">--model, and --gpu where it is to run on one.</param>
    /// <param name="asked">The concepts.</param>
    /// <param name="images">Images of the evaluation.</param>
    /// <param name="change">What of the options is other than usual.</param>
    public static IEnumerable<DetectionList> Find(Arguments arguments, IEnumerable<Concept> asked, IReadOnlyList<DatasetSample> images,
        Func<OpenVocabularyDetectionEstimator.Options, OpenVocabularyDetectionEstimator.Options> change)
    {
        var context = new MLContext { GpuDeviceId = (int?)arguments.Number("gpu"), FallbackToCpu = false };
        using var loaded = (OpenVocabularyDetectionTransformer)context.Model.Load(arguments["model"], out _);
        using var named = loaded.WithVocabulary(asked);
        using var detector = named.WithOptions(change(named.Options) with { ImageColumnName = nameof(ImageRow.Path) });
        var rows = context.Data.LoadFromEnumerable(images.Select(image => new ImageRow { Path = image.ImagePath }));
        foreach (var row in context.Data.CreateEnumerable<DetectedRow>(detector.Transform(rows), reuseRowObject: false)) yield return row.Detections;
    }

    private sealed class ImageRow
    {
        public string Path { get; set; } = "";
    }

    private sealed class DetectedRow
    {
        [Detections]
        public DetectionList Detections { get; set; } = DetectionList.Empty;
    }
}
