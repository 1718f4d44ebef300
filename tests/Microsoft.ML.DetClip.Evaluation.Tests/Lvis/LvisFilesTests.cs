namespace Microsoft.ML.DetClip.Evaluation.Tests;

public sealed class LvisFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""{"id": 1, "neg_category_ids": []}""", """{"id": 1, "name": "a", "frequency": "r"}""", "images[0]: not_exhaustive_category_ids is missing or not a list of integers.")]
    [InlineData("""{"id": 1, "neg_category_ids": [0.5], "not_exhaustive_category_ids": []}""", """{"id": 1, "name": "a", "frequency": "r"}""", "images[0]: neg_category_ids")]
    [InlineData("""{"id": 1, "neg_category_ids": [], "not_exhaustive_category_ids": []}""", """{"id": 1, "name": "a", "frequency": "x"}""", "categories[0]: frequency is missing or not 'r', 'c' or 'f'.")]
    [InlineData("""{"id": 1, "neg_category_ids": [], "not_exhaustive_category_ids": []}""", """{"id": 1, "name": "a"}""", "categories[0]: frequency")]
    public void Records_without_what_lvis_needs_are_named(string image, string category, string message)
    {
        var path = Path.Combine(_folder, "gt.json");
        File.WriteAllText(path, $$"""{"images": [{{image}}], "annotations": [], "categories": [{{category}}]}""");

        var error = Assert.Throws<InvalidDataException>(() => LvisFiles.ReadGroundTruth(path));

        Assert.Contains(path, error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Metrics_are_saved_with_every_bit()
    {
        var (truth, detections) = RandomDetections.Make(4);
        var metrics = CocoEvaluator.Evaluate(truth, detections, new() { Pooled = true });
        var path = Path.Combine(_folder, "metrics.json");

        metrics.Save(path);

        using var saved = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(path));
        Assert.Equal(metrics.ToNamedValues(), saved.RootElement.GetProperty("metrics").EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetDouble())));
        Assert.Equal(metrics.Categories[2].AP, saved.RootElement.GetProperty("perCategory").GetProperty("3").GetProperty("AP").GetDouble());
        Assert.Contains("AP-pooled-all", metrics.ToString());
    }
}
