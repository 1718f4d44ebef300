using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Evaluation;
using Microsoft.ML.DetClip.Testing;
using Xunit.Abstractions;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>That training teaches: from the data to the exported detector, by public members alone. Minutes each, on two cores.</summary>
public class LearningTests(ITestOutputHelper output)
{
    private readonly MLContext _context = new();

    [LongFact("data/coco-mini")]
    public void A_nano_detector_memorises_eight_photographs()
    {
        var images = SharedData.Path("data/coco-mini/train2017");
        var photographs = CocoDataset.Load(SharedData.Path("data/coco-mini/annotations/instances_train2017.json"), images).Samples
            .Where(s => s.Boxes.Count > 0 && s.Boxes.All(b => b.Width >= 32 && b.Height >= 32) && !s.IsCrowd.Contains(true))
            .Take(8).Select(TrainingSample.From).ToArray();
        var options = DetClipTrainer.Options.Nano with { Epochs = 150, Detection = new() { BatchSize = 8, SmallestShortSide = 256, ShortSide = 256, LongSide = 384, FlipProbability = 0 } };

        var metrics = Evaluate(options, photographs, photographs, [.. photographs.SelectMany(s => s.Concepts).Distinct()]).Evaluate();

        output.WriteLine(metrics.ToString());
        Assert.True(metrics.AP50 >= 0.9, $"AP50 is {metrics.AP50:F3}");
    }

    [LongFact]
    public void A_nano_detector_finds_pairs_of_colour_and_shape_that_it_never_saw()
    {
        var world = new DrawnWorld();
        var options = DetClipTrainer.Options.Nano with { Epochs = 6.4, Detection = DetClipTrainer.Options.Nano.Detection with { ShortSide = 192 } };
        var scenes = world.Scenes(200, DrawnWorld.Names, seed: 2);

        var evaluator = Evaluate(options, world.Scenes(1000, DrawnWorld.Seen, seed: 1), scenes, [.. DrawnWorld.Names.Select(n => new Concept(n))]);
        var (unseen, seen) = (evaluator.Evaluate(DrawnWorld.Unseen), evaluator.Evaluate(DrawnWorld.Seen));

        output.WriteLine($"Unseen pairs:\n{unseen}\nSeen pairs:\n{seen}");
        Assert.True(unseen.AP50 >= 0.8, $"AP50 of unseen pairs is {unseen.AP50:F3}; of seen ones {seen.AP50:F3}");
    }

    private LabelEvaluator Evaluate(DetClipTrainer.Options options, IReadOnlyList<TrainingSample> train, IReadOnlyList<TrainingSample> test, IReadOnlyList<Concept> labels)
    {
        using var trained = _context.DetClip().Trainers.OpenVocabularyDetection(options)
            .Fit(_context.Data.LoadFromEnumerable(train.Select(SampleRow.Of)), new Sink(p => { if (p.Step % 50 == 0) output.WriteLine(p.ToString()); }));
        using var detector = trained.WithVocabulary(labels);
        var found = detector.Transform(_context.Data.LoadFromEnumerable(test.Select(SampleRow.Of)));
        var evaluator = new LabelEvaluator();
        foreach (var (sample, row) in test.Zip(_context.Data.CreateEnumerable<Found>(found, reuseRowObject: false, ignoreMissingColumns: true)))
            evaluator.Add(
                new LabeledBoxes([.. sample.Concepts.Select(c => c.Name)], sample.Boxes),
                new ScoredBoxes(row.PredictedLabel, [.. row.PredictedBoundingBoxes.Chunk(4).Select(b => new Box(b[0], b[1], b[2], b[3]))], row.Score));
        return evaluator;
    }

    private sealed class Found
    {
        public string[] PredictedLabel { get; set; } = [];

        public float[] Score { get; set; } = [];

        public float[] PredictedBoundingBoxes { get; set; } = [];
    }
}
