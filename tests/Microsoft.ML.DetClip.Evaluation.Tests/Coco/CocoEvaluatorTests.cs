namespace Microsoft.ML.DetClip.Evaluation.Tests;

public class CocoEvaluatorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Perfect_detections_score_one(int seed)
    {
        var (truth, _) = RandomDetections.Make(seed);

        var metrics = CocoEvaluator.Evaluate(truth, RandomDetections.Perfect(truth));

        Assert.All([metrics.AP, metrics.AP50, metrics.AP75, metrics.AR100], value => Assert.Equal(1, value, 1e-12));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Metrics_do_not_depend_on_the_order_of_detections_with_different_scores(int seed)
    {
        var (truth, detections) = RandomDetections.Make(seed);
        var shuffled = detections.ToArray();
        new Random(seed).Shuffle(shuffled);

        Assert.Equal(Numbers(CocoEvaluator.Evaluate(truth, detections)), Numbers(CocoEvaluator.Evaluate(truth, shuffled)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Metrics_depend_on_the_order_of_scores_only(int seed)
    {
        var (truth, detections) = RandomDetections.Make(seed);

        var squashed = CocoEvaluator.Evaluate(truth, [.. detections.Select(d => d with { Score = Math.Atan(10 * d.Score) - 7 })]);

        Assert.Equal(Numbers(CocoEvaluator.Evaluate(truth, detections)), Numbers(squashed));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Higher_thresholds_never_help(int seed)
    {
        var (truth, detections) = RandomDetections.Make(seed);

        var metrics = CocoEvaluator.Evaluate(truth, detections);

        Assert.Equal(metrics.APByIou.OrderDescending(), metrics.APByIou);
        Assert.Equal(metrics.ARByIou.OrderDescending(), metrics.ARByIou);
        Assert.True(metrics.AR1 <= metrics.AR10 && metrics.AR10 <= metrics.AR100);
        Assert.InRange(metrics.AP, 0.01, 0.99); // the case is neither empty nor trivial
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_false_detection_never_raises_AP(int seed)
    {
        var (truth, detections) = RandomDetections.Make(seed);
        var random = new Random(seed);
        var before = CocoEvaluator.Evaluate(truth, detections, new() { Pooled = true });

        for (var i = 0; i < 10; i++)
        {
            var stray = new DetectionResult(random.Next(1, 21), random.Next(1, 5), 5000, 5000, 40, 40, random.NextDouble());
            var after = CocoEvaluator.Evaluate(truth, [.. detections, stray], new() { Pooled = true });
            Assert.True(after.AP <= before.AP && after.AP75 <= before.AP75 && after.PooledAP <= before.PooledAP);
            Assert.Equal(before.AR100, after.AR100);
        }
    }

    [Fact]
    public void Pooled_AP_of_one_category_is_its_AP()
    {
        var (truth, detections) = RandomDetections.Make(6, categories: 1);

        var metrics = CocoEvaluator.Evaluate(truth, detections, new() { Pooled = true });

        Assert.Equal(metrics.AP, metrics.PooledAP);
        Assert.Null(CocoEvaluator.Evaluate(truth, detections).PooledAP);
    }

    [Fact]
    public void An_ignore_mark_has_no_effect_as_in_the_official_code()
    {
        var (truth, detections) = RandomDetections.Make(6);

        var marked = CocoEvaluator.Evaluate(truth with { Boxes = [.. truth.Boxes.Select(b => b with { IsIgnored = true })] }, detections);

        Assert.Equal(Numbers(CocoEvaluator.Evaluate(truth, detections)), Numbers(marked));
    }

    [Fact]
    public void Subset_of_categories_has_the_metrics_they_have_among_all()
    {
        var (truth, detections) = RandomDetections.Make(5);
        var all = CocoEvaluator.Evaluate(truth, detections);

        var subset = CocoEvaluator.Evaluate(truth, detections, new() { CategoryIds = [4, 2] });

        Assert.Equal([all.Categories[1], all.Categories[3]], subset.Categories);
        Assert.Equal((all.Categories[1].AP + all.Categories[3].AP) / 2, subset.AP, 1e-12);
    }

    [Fact]
    public void Class_agnostic_metrics_of_one_category_are_the_usual_ones()
    {
        var (truth, detections) = RandomDetections.Make(6, categories: 1);

        var agnostic = CocoEvaluator.Evaluate(truth, detections, new() { ClassAgnostic = true });

        Assert.Equal(Numbers(CocoEvaluator.Evaluate(truth, detections)), Numbers(agnostic));
    }

    [Fact]
    public void Class_agnostic_metrics_do_not_look_at_names()
    {
        var (truth, _) = RandomDetections.Make(7);
        DetectionResult[] misnamed = [.. RandomDetections.Perfect(truth).Select(d => d with { CategoryId = d.CategoryId % 4 + 1 })];

        Assert.Equal(1, CocoEvaluator.Evaluate(truth, misnamed, new() { ClassAgnostic = true }).AP, 1e-12);
        Assert.True(CocoEvaluator.Evaluate(truth, misnamed).AP < 0.1);
    }

    [Fact]
    public void Evaluating_twice_gives_the_same_bits()
    {
        var (truth, detections) = RandomDetections.Make(8, images: 100, categories: 20);

        Assert.Equal(Numbers(CocoEvaluator.Evaluate(truth, detections)), Numbers(CocoEvaluator.Evaluate(truth, detections)));
    }

    [Fact]
    public void Finding_nothing_scores_zero_and_nothing_to_find_scores_minus_one()
    {
        var (truth, _) = RandomDetections.Make(9);

        Assert.Equal(0, CocoEvaluator.Evaluate(truth, []).AP);
        Assert.Equal(-1, CocoEvaluator.Evaluate(truth with { Boxes = [] }, []).AP);
        Assert.Equal(-1, CocoEvaluator.Evaluate(truth with { Boxes = [], Categories = [] }, []).AR100);
    }

    [Fact]
    public void Objects_of_a_category_are_counted_without_crowds()
    {
        var (truth, detections) = RandomDetections.Make(10);

        var metrics = CocoEvaluator.Evaluate(truth, detections);

        Assert.Equal(truth.Boxes.Count(b => !b.IsCrowd && b.CategoryId == 3), metrics.Categories[2].Objects);
        Assert.Contains(truth.Boxes, b => b.IsCrowd);
    }

    [Fact]
    public void Detection_on_an_unknown_image_is_named()
    {
        var (truth, _) = RandomDetections.Make(1);

        var error = Assert.Throws<ArgumentException>(() => CocoEvaluator.Evaluate(truth, [new(1, 1, 0, 0, 1, 1, 1), new(99, 1, 0, 0, 1, 1, 1)]));

        Assert.StartsWith("Detection 1 is on image 99, which the ground truth does not have.", error.Message);
    }

    [Theory]
    [InlineData(double.NaN, 0.5)]
    [InlineData(double.PositiveInfinity, 0.5)]
    [InlineData(1, double.NaN)]
    public void Detection_without_numbers_is_named(double x, double score)
    {
        var (truth, _) = RandomDetections.Make(1);

        var error = Assert.Throws<ArgumentException>(() => CocoEvaluator.Evaluate(truth, [new(1, 1, x, 0, 1, 1, score)]));

        Assert.StartsWith("Detection 0 (image 1) has a coordinate or score that is not a number.", error.Message);
    }

    [Fact]
    public void Ids_that_occur_twice_are_named()
    {
        var (truth, _) = RandomDetections.Make(1);

        var boxes = Assert.Throws<ArgumentException>(() => CocoEvaluator.Evaluate(truth with { Boxes = [.. truth.Boxes, truth.Boxes[6]] }, []));
        var categories = Assert.Throws<ArgumentException>(() => CocoEvaluator.Evaluate(truth with { Categories = [new(3, "a"), new(3, "b")] }, []));

        Assert.StartsWith("The annotation id 7 occurs twice", boxes.Message);
        Assert.StartsWith("The category id 3 occurs twice", categories.Message);
    }

    [Fact]
    public void Unknown_categories_of_the_options_are_named()
    {
        var (truth, detections) = RandomDetections.Make(1);

        var error = Assert.Throws<ArgumentException>(() => CocoEvaluator.Evaluate(truth, detections, new() { CategoryIds = [1, 77, 78] }));

        Assert.StartsWith("CategoryIds names 77, 78, which the ground truth does not have.", error.Message);
    }

    [Theory]
    [InlineData(0.5625, "0.562")] // exactly half: to even
    [InlineData(0.1875, "0.188")]
    [InlineData(0.4505, "0.451")] // as a double a little more than half
    [InlineData(0.4995, "0.499")] // a little less
    [InlineData(-1, "-1.000")]
    public void Numbers_are_printed_as_python_rounds_them(double value, string expected)
    {
        var (truth, detections) = RandomDetections.Make(1);

        var metrics = CocoEvaluator.Evaluate(truth, detections) with { AP = value };

        Assert.EndsWith("] = " + expected, metrics.ToString().Split('\n')[0]);
    }

    private static double[] Numbers(CocoMetrics m) =>
    [
        m.AP, m.AP50, m.AP75, m.APSmall, m.APMedium, m.APLarge, m.AR1, m.AR10, m.AR100, m.ARSmall, m.ARMedium, m.ARLarge, .. m.APByIou, .. m.ARByIou,
    ];
}
