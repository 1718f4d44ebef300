namespace Microsoft.ML.DetClip.Evaluation.Tests;

public class LabelEvaluatorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Metrics_are_those_of_the_coco_evaluator(int seed)
    {
        var (truth, detections) = InFloat(RandomDetections.Make(seed));
        var evaluator = Fill(truth, detections);

        var expected = CocoEvaluator.Evaluate(truth, detections);
        var actual = evaluator.Evaluate();

        Assert.Equal(truth.ImageIds.Count, evaluator.ImageCount);
        Assert.Equal(expected.AP, actual.AP, 1e-9);
        Assert.Equal(expected.ARSmall, actual.ARSmall, 1e-9);
        Assert.Equal(expected.Categories.Select(c => (c.Name, c.Objects)).Order(), actual.Categories.Select(c => (c.Name, c.Objects)).Order());
    }

    [Fact]
    public void Chosen_labels_have_the_metrics_they_have_among_all()
    {
        var (truth, detections) = InFloat(RandomDetections.Make(3));
        var evaluator = Fill(truth, detections);
        var byName = evaluator.Evaluate().Categories.ToDictionary(c => c.Name);

        var unseen = evaluator.Evaluate(["category 2", "category 4", "never annotated"]);

        Assert.Equal((byName["category 2"].AP + byName["category 4"].AP) / 2, unseen.AP, 1e-12);
        Assert.Equal(-1, evaluator.Evaluate([]).AP);
    }

    [Fact]
    public void Label_that_was_never_annotated_takes_no_part()
    {
        var evaluator = new LabelEvaluator();
        var box = new Box(1, 2, 30, 40);

        evaluator.Add(new(["mug"], [box]), new(["mug", "teapot"], [box, box], [0.5f, 0.9f]));

        Assert.Equal(1, evaluator.Evaluate().AP, 1e-12);
    }

    [Fact]
    public void Lists_of_different_length_are_refused_and_nothing_is_added()
    {
        var evaluator = new LabelEvaluator();
        var box = new Box(1, 2, 30, 40);

        var error = Assert.Throws<ArgumentException>(() => evaluator.Add(new(["mug"], [box]), new(["mug"], [box], [0.5f, 0.9f])));
        Assert.Throws<ArgumentException>(() => evaluator.Add(new(["mug"], [box], []), new([], [], [])));

        Assert.StartsWith("The lists differ in length: 1 boxes, 2 scores.", error.Message);
        Assert.Equal(0, evaluator.ImageCount);
    }

    private static LabelEvaluator Fill(DetectionGroundTruth truth, DetectionResult[] detections)
    {
        var names = truth.Categories.ToDictionary(c => c.Id, c => c.Name);
        var evaluator = new LabelEvaluator();
        foreach (var id in truth.ImageIds)
        {
            GroundTruthBox[] boxes = [.. truth.Boxes.Where(b => b.ImageId == id)];
            DetectionResult[] found = [.. detections.Where(d => d.ImageId == id)];
            evaluator.Add(
                new(
                    [.. boxes.Select(b => names[b.CategoryId])],
                    [.. boxes.Select(b => ToBox(b.X, b.Y, b.Width, b.Height))],
                    [.. boxes.Select(b => b.IsCrowd)]),
                new(
                    [.. found.Select(d => names[d.CategoryId])],
                    [.. found.Select(d => ToBox(d.X, d.Y, d.Width, d.Height))],
                    [.. found.Select(d => (float)d.Score)]));
        }
        return evaluator;
    }

    /// <summary>The same case on a grid that float holds exactly.</summary>
    private static (DetectionGroundTruth, DetectionResult[]) InFloat((DetectionGroundTruth Truth, DetectionResult[] Detections) made)
    {
        static double Snap(double value) => Math.Round(value * 16) / 16;
        GroundTruthBox[] boxes = [.. made.Truth.Boxes.Select(b => b with { X = Snap(b.X), Y = Snap(b.Y), Width = Snap(b.Width), Height = Snap(b.Height) })];
        return (
            made.Truth with { Boxes = [.. boxes.Select(b => b with { Area = b.Width * b.Height })] },
            [.. made.Detections.Select(d => d with { X = Snap(d.X), Y = Snap(d.Y), Width = Snap(d.Width), Height = Snap(d.Height), Score = (float)d.Score })]);
    }

    private static Box ToBox(double x, double y, double width, double height) => new((float)x, (float)y, (float)(x + width), (float)(y + height));
}
