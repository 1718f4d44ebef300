using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class ExportedDetectorInPipelineTests
{
    [Fact]
    public void An_export_runs_in_a_pipeline()
    {
        using var detector = new ExportedDetector(DetClipVariants.Nano);
        var mlContext = new MLContext();
        using var image = MLImage.CreateFromPixels(40, 30, MLPixelFormat.Bgra32, [.. Enumerable.Range(0, 40 * 30 * 4).Select(i => (byte)(i * 7))]);
        var rows = mlContext.Data.LoadFromEnumerable([new Row { Image = image }]);

        var model = mlContext.Transforms.DetectOpenVocabulary(detector.Folder.Path, [new Concept("red car"), new Concept("bus")], scoreThreshold: 0).Fit(rows);
        var boxes = model.Transform(rows).GetColumn<float[]>("PredictedBoundingBoxes").Single();
        (model as IDisposable)?.Dispose();

        Assert.NotEmpty(boxes);
        Assert.All(boxes, corner => Assert.InRange(corner, 0, 40));
    }

    private sealed class Row
    {
        [ImageType(30, 40)]
        public MLImage? Image { get; set; }
    }
}
