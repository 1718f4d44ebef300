using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>The strongest promise: what else is asked for, in which order and with which other images, does not change a class's score at a region.</summary>
public class IndependenceTests
{
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_score_does_not_depend_on_the_other_concepts_or_images(int seed)
    {
        using var detector = new ExportedDetector(DetClipVariants.Nano, seed);
        using var scope = NewDisposeScope();
        using var runner = new OnnxRunner(detector.ImageGraph, threads: 1);
        random.manual_seed(seed);
        var (pixels, concepts) = (randn(3, 3, 75, 110), randn(60, 64) * 2);
        var all = ScoresByLocation(runner, pixels, concepts);                       // [3, L, 60]
        Assert.InRange(all.min().item<float>(), 0, 0.05);
        Assert.InRange(all.max().item<float>(), 0.3, 1);

        foreach (var count in (int[])[1, 2, 7, 60])
        {
            var chosen = randperm(60)[..count];
            var image = randint(0, 3, [1]);
            var some = ScoresByLocation(runner, pixels.index_select(0, image), concepts.index_select(0, chosen)); // [1, L, count]
            Assert.InRange((all.index_select(0, image).index_select(2, chosen) - some).abs().max().item<float>(), 0, Tolerance);
        }
    }

    private static Tensor ScoresByLocation(OnnxRunner runner, Tensor pixels, Tensor concepts)
    {
        var outputs = runner.Run((DetectorContract.Pixels, pixels), (DetectorContract.Concepts, concepts), (DetectorContract.MaxRegions, tensor(new[] { long.MaxValue })));
        var (scores, locations) = (outputs[DetectorContract.Scores], outputs[DetectorContract.Locations]);
        return zeros_like(scores).scatter(1, locations.unsqueeze(-1).expand(scores.shape), scores);
    }
}
