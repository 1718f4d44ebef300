namespace Microsoft.ML.DetClip.Evaluation.Tests;

/// <summary>Seeded truths, and detections that are moved copies of them or strays; all scores differ.</summary>
internal static class RandomDetections
{
    public static (DetectionGroundTruth Truth, DetectionResult[] Detections) Make(
        int seed, int images = 20, int objects = 8, int categories = 4, int strays = 6)
    {
        var random = new Random(seed);
        var truths = new List<GroundTruthBox>();
        var detections = new List<DetectionResult>();
        for (var image = 1; image <= images; image++)
        {
            for (var o = 0; o < objects; o++)
            {
                var truth = RandomTruth(random, truths.Count + 1, image, categories);
                truths.Add(truth);
                detections.Add(Moved(truth, random));
            }
            for (var s = 0; s < strays; s++) detections.Add(Moved(RandomTruth(random, 0, image, categories), random));
        }
        var truthSet = new DetectionGroundTruth
        {
            ImageIds = [.. Enumerable.Range(1, images).Select(id => (long)id)],
            Categories = [.. Enumerable.Range(1, categories).Select(id => new GroundTruthCategory(id, $"category {id}"))],
            Boxes = truths,
        };
        return (truthSet, [.. detections]);
    }

    /// <summary>Detections that are the truths themselves.</summary>
    public static DetectionResult[] Perfect(DetectionGroundTruth truth) =>
        [.. truth.Boxes.Select(b => new DetectionResult(b.ImageId, b.CategoryId, b.X, b.Y, b.Width, b.Height, 0.5))];

    private static GroundTruthBox RandomTruth(Random random, long id, long image, int categories)
    {
        var (width, height) = (4 + 196 * random.NextDouble(), 4 + 196 * random.NextDouble());
        var (x, y) = (400 * random.NextDouble(), 400 * random.NextDouble());
        return new(id, image, random.Next(1, categories + 1), x, y, width, height, width * height, random.Next(20) == 0);
    }

    private static DetectionResult Moved(GroundTruthBox truth, Random random)
    {
        double By(double size) => size * 0.3 * (random.NextDouble() - 0.5);
        return new(truth.ImageId, truth.CategoryId, truth.X + By(truth.Width), truth.Y + By(truth.Height),
            truth.Width + By(truth.Width), truth.Height + By(truth.Height), random.NextDouble());
    }
}
