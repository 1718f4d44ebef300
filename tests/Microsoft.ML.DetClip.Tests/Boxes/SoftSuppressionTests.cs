namespace Microsoft.ML.DetClip.Tests;

public sealed class SoftSuppressionTests
{
    [Theory]
    [InlineData(NmsKind.SoftLinear)]
    [InlineData(NmsKind.SoftGaussian)]
    public void Selecting_equals_the_papers_loop(NmsKind kind)
    {
        var random = new Random(1);
        for (var n = 0; n < 300; n++)
        {
            var (regions, concepts) = (1 + random.Next(40), 1 + random.Next(6));
            var (boxes, scores) = (RandomBoxes(random, regions), RandomScores(random, regions * concepts, distinct: n % 3 == 0 ? 5 : 1_000_000));
            int[] groups = [.. Enumerable.Range(0, concepts).Select(_ => random.Next(3))];
            var options = new SelectionOptions
            {
                Kind = kind, ScoreThreshold = random.NextSingle() / 2, IouThreshold = random.NextDouble(), SoftSigma = 0.05 + random.NextDouble(),
                MaxDetections = 1 + random.Next(n % 2 == 0 ? 10 : 500), Scope = (NmsScope)random.Next(3), MinSize = random.Next(4) == 0 ? 10 : 0,
            };

            Assert.Equal(Plain(boxes, scores, options, groups), NonMaximumSuppression.Select(boxes, scores, options, groups));
        }
    }

    [Fact]
    public void With_a_vanishing_sigma_it_is_hard_suppression_of_whatever_overlaps()
    {
        var random = new Random(2);
        for (var n = 0; n < 50; n++)
        {
            var (boxes, scores) = (RandomBoxes(random, 40), RandomScores(random, 80, 1_000_000));

            var soft = NonMaximumSuppression.Select(boxes, scores, new() { Kind = NmsKind.SoftGaussian, SoftSigma = 1e-12, ScoreThreshold = 0 });

            Assert.Equal(NonMaximumSuppression.Select(boxes, scores, new() { IouThreshold = 0, ScoreThreshold = 0 }), soft);
        }
    }

    [Theory]
    [InlineData(NmsKind.SoftLinear, 1, 0.5)]
    [InlineData(NmsKind.SoftGaussian, 0, 1e12)]
    public void With_a_threshold_of_1_or_an_endless_sigma_nothing_is_weakened(NmsKind kind, double iouThreshold, double sigma)
    {
        var random = new Random(3);
        var (boxes, scores) = (RandomBoxes(random, 40), RandomScores(random, 80, 1_000_000));
        var options = new SelectionOptions { Kind = kind, IouThreshold = iouThreshold, SoftSigma = sigma };

        Assert.Equal(NonMaximumSuppression.Select(boxes, scores, new() { IouThreshold = 1 }), NonMaximumSuppression.Select(boxes, scores, options));
    }

    [Fact]
    public void A_half_hidden_object_stays_with_a_lower_score()
    {
        Box[] boxes = [new(0, 0, 30, 10), new(10, 0, 40, 10)]; // IoU 1/2
        float[] scores = [0.9f, 0.8f];

        Assert.Equal([new(0, 0, 0.9f)], NonMaximumSuppression.Select(boxes, scores, new() { IouThreshold = 0.4 }));
        Assert.Equal([new(0, 0, 0.9f), new(1, 0, 0.4f)], NonMaximumSuppression.Select(boxes, scores, new() { IouThreshold = 0.4, Kind = NmsKind.SoftLinear }));
        Assert.Equal(0.8f * MathF.Exp(-0.5f), NonMaximumSuppression.Select(boxes, scores, new() { Kind = NmsKind.SoftGaussian })[1].Score);
    }

    [Fact]
    public void A_concepts_detections_do_not_depend_on_the_other_concepts()
    {
        var random = new Random(4);
        var (boxes, scores) = (RandomBoxes(random, 50), RandomScores(random, 50 * 8, 1_000_000));
        var options = new SelectionOptions { MaxDetections = 1000, Kind = NmsKind.SoftGaussian };

        var together = NonMaximumSuppression.Select(boxes, scores, options);

        for (var k = 0; k < 8; k++)
        {
            var alone = NonMaximumSuppression.Select(boxes, Enumerable.Range(0, 50).Select(r => scores[8 * r + k]).ToArray(), options);
            Assert.Equal(alone.Select(d => (d.Region, d.Score)), together.Where(d => d.Concept == k).Select(d => (d.Region, d.Score)));
        }
    }

    [Theory]
    [InlineData(NmsKind.Hard)]
    [InlineData(NmsKind.SoftLinear)]
    [InlineData(NmsKind.SoftGaussian)]
    public void There_is_no_hidden_floor_of_scores(NmsKind kind) => Assert.Equal(
        [new(0, 0, 1e-30f), new(1, 0, float.Epsilon)],
        NonMaximumSuppression.Select([new(0, 0, 1, 1), new(5, 0, 6, 1), new(9, 0, 10, 1)], [1e-30f, float.Epsilon, 0], new() { ScoreThreshold = 0, Kind = kind }));

    // Bodla et al. 2017, figure 3: of what is left, take the best, weaken what overlaps it.
    private static List<RegionConcept> Plain(Box[] boxes, float[] scores, SelectionOptions options, int[] groups)
    {
        var concepts = scores.Length / boxes.Length;
        bool Meet(int a, int b) => options.Scope == NmsScope.All || (options.Scope == NmsScope.Group ? groups[a] == groups[b] : a == b);
        var left = scores.Select((s, i) => new RegionConcept(i / concepts, i % concepts, s))
            .Where(c => boxes[c.Region].Width >= options.MinSize && boxes[c.Region].Height >= options.MinSize).ToList();
        var kept = new List<RegionConcept>();
        while (kept.Count < options.MaxDetections && left.Count > 0 && left.MaxBy(c => c.Score) is var best && best.Score > options.ScoreThreshold)
        {
            kept.Add(best);
            left.Remove(best);
            left = [.. left.Select(c => Meet(c.Concept, best.Concept) ? c with { Score = c.Score * Decay(boxes[best.Region].IoU(boxes[c.Region]), options) } : c)];
        }
        return kept;
    }

    private static float Decay(float iou, SelectionOptions options) => options.Kind == NmsKind.SoftLinear
        ? iou > options.IouThreshold ? 1 - iou : 1
        : MathF.Exp(-(iou * iou) / (float)options.SoftSigma);

    private static Box[] RandomBoxes(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var (x, y) = (random.Next(50), random.Next(50));
        return new Box(x, y, x + 1 + random.Next(40), y + 1 + random.Next(40));
    })];

    private static float[] RandomScores(Random random, int count, int distinct) => [.. Enumerable.Range(0, count).Select(_ => random.Next(distinct) / (float)distinct)];
}
