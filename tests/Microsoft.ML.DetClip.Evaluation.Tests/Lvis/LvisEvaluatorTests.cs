namespace Microsoft.ML.DetClip.Evaluation.Tests;

public class LvisEvaluatorTests
{
    private static readonly GroundTruthBox Mug = new(1, 1, 1, 10, 10, 50, 50, 2500);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Where_every_category_is_known_everywhere_metrics_are_those_of_coco(int seed)
    {
        var (truth, detections) = RandomDetections.Make(seed);
        truth = truth with { Boxes = [.. truth.Boxes.Select(b => b with { IsCrowd = false })] };
        var federated = Federated(truth, absent: [.. truth.Categories.Select(c => c.Id)]);

        var lvis = LvisEvaluator.Evaluate(federated, detections);

        var coco = CocoEvaluator.Evaluate(truth, detections);
        Assert.Equal([coco.AP, coco.AP50, coco.AP75, coco.APSmall, coco.APMedium, coco.APLarge], [lvis.AP, lvis.AP50, lvis.AP75, lvis.APSmall, lvis.APMedium, lvis.APLarge]);
        Assert.Equal([coco.AR100, coco.ARSmall, coco.ARMedium, coco.ARLarge], [lvis.AR, lvis.ARSmall, lvis.ARMedium, lvis.ARLarge]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Metrics_do_not_depend_on_the_order_of_detections_with_different_scores(int seed)
    {
        var (truth, detections) = RandomDetections.Make(seed);
        var federated = Federated(truth, absent: [1, 2]);
        var shuffled = detections.ToArray();
        new Random(seed).Shuffle(shuffled);
        var options = LvisEvaluatorOptions.FixedAP with { MaxDetectionsPerCategory = 40, Pooled = true };

        Assert.Equal(
            LvisEvaluator.Evaluate(federated, detections, options).ToNamedValues(), LvisEvaluator.Evaluate(federated, shuffled, options).ToNamedValues());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_false_detection_never_raises_AP(int seed)
    {
        var (truth, detections) = RandomDetections.Make(seed);
        var federated = Federated(truth, absent: [1, 2, 3, 4]);
        var random = new Random(seed);

        for (var i = 0; i < 10; i++)
        {
            var stray = new DetectionResult(random.Next(1, 21), random.Next(1, 5), 5000, 5000, 40, 40, random.NextDouble());
            var options = new LvisEvaluatorOptions { MaxDetectionsPerImage = null, Pooled = true };
            var (before, after) = (LvisEvaluator.Evaluate(federated, detections, options), LvisEvaluator.Evaluate(federated, [.. detections, stray], options));
            Assert.True(after.AP <= before.AP && after.AP50 <= before.AP50 && after.Pooled!.AP <= before.Pooled!.AP);
            Assert.Equal(before.AR, after.AR);
        }
    }

    [Theory]
    [InlineData(2, false, false, 1)] // nobody looked for it: does not count
    [InlineData(2, true, false, 0.5)] // known to be absent: wrong
    [InlineData(2, true, true, 1)] // but not every one is annotated: does not count
    [InlineData(1, false, false, 0.5)] // an object of it is there, so it was looked for
    public void A_stray_counts_only_where_its_category_was_looked_for(int image, bool isAbsent, bool isPartlyAnnotated, double precision)
    {
        var truth = Truth(new LvisImage(1, [], []), new LvisImage(2, isAbsent ? [1] : [], isPartlyAnnotated ? [1] : []));

        var metrics = LvisEvaluator.Evaluate(truth, [Found(1, 10, 0.5), Found(image, 200, 0.9)]);

        Assert.Equal(precision, metrics.AP50, 1e-12);
    }

    [Fact]
    public void Detections_that_do_not_count_use_up_places_of_the_limit()
    {
        var truth = Truth(new LvisImage(1, [], []));
        DetectionResult[] detections = [Found(1, 10, 0.5), Found(1, 10, 0.9) with { CategoryId = 99 }];

        Assert.Equal(1, LvisEvaluator.Evaluate(truth, detections).AP, 1e-12);
        Assert.Equal(0, LvisEvaluator.Evaluate(truth, detections, new() { MaxDetectionsPerImage = 1 }).AP);
        Assert.Equal(1, LvisEvaluator.Evaluate(truth, detections, LvisEvaluatorOptions.FixedAP with { MaxDetectionsPerCategory = 1 }).AP, 1e-12);
    }

    [Fact]
    public void Of_equal_scores_the_earlier_are_kept()
    {
        var truth = Truth(new LvisImage(1, [], []));
        DetectionResult[] detections = [Found(1, 10, 0.5), Found(1, 200, 0.5)];
        var one = LvisEvaluatorOptions.FixedAP with { MaxDetectionsPerCategory = 1 };

        Assert.Equal(1, LvisEvaluator.Evaluate(truth, detections, one).AP, 1e-12);
        Assert.Equal(0, LvisEvaluator.Evaluate(truth, [.. detections.Reverse()], one).AP);
    }

    [Fact]
    public void An_ignored_object_need_not_be_found_and_finding_it_is_neither_right_nor_wrong()
    {
        var truth = Truth(new LvisImage(1, [], [])) with { Boxes = [Mug, Mug with { Id = 2, X = 200, IsIgnored = true }] };

        Assert.Equal(1, LvisEvaluator.Evaluate(truth, [Found(1, 10, 0.5)]).AP, 1e-12);
        Assert.Equal(1, LvisEvaluator.Evaluate(truth, [Found(1, 10, 0.5), Found(1, 200, 0.9)]).AP, 1e-12);
        Assert.Equal(0.5, LvisEvaluator.Evaluate(truth, [Found(1, 10, 0.5), Found(1, 200, 0.9), Found(1, 200, 0.8)]).AP, 1e-12);
    }

    [Fact]
    public void An_object_without_area_is_not_looked_at()
    {
        var truth = Truth(new LvisImage(1, [], [])) with { Boxes = [Mug with { Area = 0 }] };

        var metrics = LvisEvaluator.Evaluate(truth, [Found(1, 10, 0.5)]);

        Assert.Equal((-1, 0), (metrics.AP, metrics.Categories[0].Objects));
    }

    [Fact]
    public void Bad_options_and_input_are_named()
    {
        var truth = Truth(new LvisImage(1, [], []));

        var options = Assert.Throws<ArgumentException>(() => LvisEvaluator.Evaluate(truth, [], new() { MaxDetectionsPerImage = 0, MaxDetectionsPerCategory = -1 }));
        var image = Assert.Throws<ArgumentException>(() => LvisEvaluator.Evaluate(truth, [Found(7, 10, 0.5)]));

        Assert.Contains("MaxDetectionsPerImage is 0", options.Message);
        Assert.Contains("MaxDetectionsPerCategory is -1", options.Message);
        Assert.StartsWith("Detection 0 is on image 7, which the ground truth does not have.", image.Message);
    }

    private static LvisGroundTruth Truth(params LvisImage[] images) => new() { Images = images, Categories = [new(1, "mug", LvisFrequency.Rare)], Boxes = [Mug] };

    private static DetectionResult Found(long image, double x, double score) => new(image, 1, x, 10, 50, 50, score);

    private static LvisGroundTruth Federated(DetectionGroundTruth truth, int[] absent) => new()
    {
        Images = [.. truth.ImageIds.Select(id => new LvisImage(id, absent, []))],
        Categories = [.. truth.Categories.Select(c => new LvisCategory(c.Id, c.Name, (LvisFrequency)(c.Id % 3)))],
        Boxes = truth.Boxes,
    };
}
