using System.Globalization;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Tests;

public sealed class NonMaximumSuppressionTests
{
    [Theory]
    [InlineData("empty")]
    [InlineData("one_class")]
    [InlineData("small")]
    [InlineData("t07_900")]
    [InlineData("ties_stable")]
    public void Kept_boxes_equal_torchvisions(string name) => EqualsGolden(RepositoryFiles.Path("tests", "Golden", "nms", name + ".safetensors"));

    [SharedFact("golden/numerics/nms/vanilla_2500.safetensors")]
    public void Kept_boxes_equal_torchvisions_on_a_long_list() => EqualsGolden(SharedData.Path("golden/numerics/nms/vanilla_2500.safetensors"));

    [Fact]
    public void Selecting_equals_a_plain_loop()
    {
        var random = new Random(1);
        for (var n = 0; n < 300; n++)
        {
            var (regions, concepts) = (1 + random.Next(60), 1 + random.Next(20));
            var boxes = RandomBoxes(random, regions);
            var scores = RandomScores(random, regions * concepts, distinct: n % 3 == 0 ? 5 : 1_000_000);
            var options = new SelectionOptions
            {
                ScoreThreshold = random.NextSingle() - 0.2f,
                IouThreshold = random.NextDouble(),
                MaxDetections = 1 + random.Next(n % 2 == 0 ? 10 : 500),
                Scope = (NmsScope)random.Next(3),
                MinSize = random.Next(4) == 0 ? 10 : 0,
            };

            int[] groups = [.. Enumerable.Range(0, concepts).Select(_ => random.Next(4))];

            Assert.Equal(PlainSelect(boxes, scores, options, groups), NonMaximumSuppression.Select(boxes, scores, options, groups));
        }
    }

    [Fact]
    public void A_concepts_detections_do_not_depend_on_the_other_concepts()
    {
        var random = new Random(2);
        var boxes = RandomBoxes(random, 50);
        var scores = RandomScores(random, 50 * 8, distinct: 1_000_000);
        var options = new SelectionOptions { MaxDetections = 1000 };

        var together = NonMaximumSuppression.Select(boxes, scores, options);

        for (var k = 0; k < 8; k++)
        {
            var alone = NonMaximumSuppression.Select(boxes, Enumerable.Range(0, 50).Select(r => scores[8 * r + k]).ToArray(), options);
            Assert.Equal(alone.Select(d => (d.Region, d.Score)), together.Where(d => d.Concept == k).Select(d => (d.Region, d.Score)));
        }
    }

    [Fact]
    public void Detections_hidden_behind_many_duplicates_are_found()
    {
        Box[] boxes = [.. Enumerable.Repeat(new Box(0, 0, 10, 10), 500), new(50, 50, 60, 60)];
        float[] scores = [.. Enumerable.Repeat(0.9f, 500), 0.1f];

        var selected = NonMaximumSuppression.Select(boxes, scores, new() { MaxDetections = 2 });

        Assert.Equal([new(0, 0, 0.9f), new(500, 0, 0.1f)], selected);
    }

    [Fact]
    public void Thresholds_are_exclusive()
    {
        Box[] boxes = [new(0, 0, 2, 1), new(1, 0, 3, 1)]; // IoU 1/3
        float[] scores = [0.9f, 0.5f];

        Assert.Equal([0, 1], NonMaximumSuppression.Keep(boxes, scores, 1f / 3));
        Assert.Equal([0], NonMaximumSuppression.Keep(boxes, scores, 0.33));
        Assert.Single(NonMaximumSuppression.Select(boxes, scores, new() { ScoreThreshold = 0.5f }));
        Assert.Equal(2, NonMaximumSuppression.Select(boxes, scores, new() { ScoreThreshold = 0.49f }).Count);
    }

    [Fact]
    public void Odd_input_is_harmless()
    {
        Box[] boxes = [new(0, 0, 0, 0), new(0, 0, 0, 0), new(5, 5, 4, 4), new(float.NaN, 0, 1, 1)];
        float[] scores = [float.NaN, 0.4f, 0.3f, 0.2f];

        Assert.Equal([1, 2, 3], NonMaximumSuppression.Select(boxes, scores, new()).Select(d => d.Region));
        Assert.Empty(NonMaximumSuppression.Select([], [], new()));
        Assert.Empty(NonMaximumSuppression.Select(boxes, [], new()));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => NonMaximumSuppression.Select(new Box[2], new float[3], new()));
        Assert.Throws<ArgumentException>(() => NonMaximumSuppression.Select(new Box[2], new float[4], new() { Scope = NmsScope.Group }, new int[1]));
        Assert.Throws<ArgumentException>(() => NonMaximumSuppression.Keep(new Box[2], new float[3], 0.5));
        Assert.Throws<ArgumentException>(() => NonMaximumSuppression.Keep(new Box[2], new float[2], new int[1], 0.5));
        var error = Assert.Throws<ArgumentException>(() => new SelectionOptions
        {
            ScoreThreshold = float.NaN, IouThreshold = 2, MaxDetections = 0, Kind = (NmsKind)7, Scope = (NmsScope)8, SoftSigma = 0, MinSize = -1,
        }.Check());
        Assert.All((string[])["ScoreThreshold is NaN", "IouThreshold is 2", "MaxDetections is 0", "Kind is 7", "Scope is 8", "SoftSigma is 0", "MinSize is -1"], problem => Assert.Contains(problem, error.Message));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Top_scores_equal_a_stable_sort(int count)
    {
        var random = new Random(count);
        for (var n = 0; n < 100; n++)
        {
            var scores = RandomScores(random, random.Next(400), distinct: n % 2 == 0 ? 4 : 1_000_000).Select(s => s - 0.5f).ToArray();
            var sorted = scores.Select((s, i) => (s, i)).Where(p => p.s > -0.3f).OrderByDescending(p => p.s).Select(p => p.i).Take(count);

            Assert.Equal(sorted, TopScores.Find(scores, -0.3f, count));
        }
    }

    private static void EqualsGolden(string path)
    {
        using var golden = SafeTensorsFile.Open(path);
        var boxes = golden.Read<float>("boxes").Chunk(4).Select(b => new Box(b[0], b[1], b[2], b[3])).ToArray();
        var scores = golden.Read<float>("scores");
        int[] classes = [.. golden.Read<long>("idxs").Select(i => (int)i)];
        var threshold = double.Parse(golden.Metadata["iou_threshold"], CultureInfo.InvariantCulture);

        Assert.Equal(golden.Read<long>("keep"), NonMaximumSuppression.Keep(boxes, scores, classes, threshold).Select(i => (long)i));
        if (golden.Contains("keep_class_agnostic"))
            Assert.Equal(golden.Read<long>("keep_class_agnostic"), NonMaximumSuppression.Keep(boxes, scores, threshold).Select(i => (long)i));
    }

    private static List<RegionConcept> PlainSelect(Box[] boxes, float[] scores, SelectionOptions options, int[] groups)
    {
        var concepts = scores.Length / boxes.Length;
        var kept = new List<RegionConcept>();
        foreach (var (score, i) in scores.Select((s, i) => (s, i)).Where(c => c.s > options.ScoreThreshold).OrderByDescending(c => c.s))
        {
            var candidate = new RegionConcept(i / concepts, i % concepts, score);
            var box = boxes[candidate.Region];
            if (options.MinSize > 0 && (box.Width < options.MinSize || box.Height < options.MinSize)) continue;
            if (kept.Any(k => Meet(k.Concept, candidate.Concept, options.Scope, groups) && boxes[k.Region].IoU(box) > options.IouThreshold)) continue;
            kept.Add(candidate);
        }
        return [.. kept.Take(options.MaxDetections)];
    }

    private static bool Meet(int a, int b, NmsScope scope, int[] groups) => scope switch
    {
        NmsScope.All => true,
        NmsScope.Group => groups[a] == groups[b],
        _ => a == b,
    };

    private static Box[] RandomBoxes(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var (x, y) = (random.Next(50), random.Next(50));
        return new Box(x, y, x + random.Next(40), y + random.Next(40)); // some empty, many equal or overlapping
    })];

    private static float[] RandomScores(Random random, int count, int distinct) => [.. Enumerable.Range(0, count).Select(_ => random.Next(distinct) / (float)distinct)];
}
