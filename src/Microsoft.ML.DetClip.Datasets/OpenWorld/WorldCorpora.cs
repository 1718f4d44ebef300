using SkiaSharp;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>The corpora of a world as samples of the data sets' formats; images are drawn as they are asked for.</summary>
/// <param name="folder">Where images go.</param>
/// <param name="options">The world.</param>
/// <param name="concepts">Its concepts.</param>
internal sealed class WorldCorpora(string folder, OpenWorldOptions options, IReadOnlyList<WorldConcept> concepts)
{
    private const int JpegQuality = 92;
    private const int PerCorpus = 10_000_000; // numbers of scenes: none is in two corpora
    private readonly WorldScene _scenes = new(options);

    /// <summary>Boxes of the frequent concepts; other things are there too, without boxes.</summary>
    public IReadOnlyList<DatasetSample> Detection() => Draw("detection", 0, options.DetectionImages,
        Tailed((WorldGroup.Frequent, 0.85), (WorldGroup.Common, 0.075), (WorldGroup.Rare, 0.075)), (scene, _) => Boxed(scene, c => c.Group == WorldGroup.Frequent));

    /// <summary>Sentences about some frequent and common things, and loose boxes of them.</summary>
    public IReadOnlyList<DatasetSample> Grounding() => Draw("grounding", 1, options.GroundingImages,
        Tailed((WorldGroup.Frequent, 0.4), (WorldGroup.Common, 0.5), (WorldGroup.Rare, 0.1)), Grounded);

    /// <summary>Sentences about one to three of the things, some of them wrong. Images are in memory.</summary>
    /// <param name="isMore">The second corpus.</param>
    public IEnumerable<DatasetSample> Pairs(bool isMore)
    {
        var mixture = Tailed((WorldGroup.Frequent, 0.35), (WorldGroup.Common, 0.2), (WorldGroup.Rare, 0.45));
        return Scenes(isMore ? 3 : 2, isMore ? options.MorePairImages : options.PairImages, (number, random) =>
        {
            var (picture, objects) = _scenes.Draw(random, mixture.Draw);
            using (picture) return Paired(new(number, "", objects), random, mixture) with { ImageBytes = Encode(picture) };
        });
    }

    /// <summary>Boxes of everything; all groups and concepts are as frequent as each other.</summary>
    public IReadOnlyList<DatasetSample> Evaluation()
    {
        var even = new WorldMixture(concepts, isEven: true, (WorldGroup.Frequent, 0.25), (WorldGroup.Common, 0.25), (WorldGroup.Rare, 0.25), (WorldGroup.Composable, 0.25));
        return Draw("evaluation", 4, options.EvaluationImages, even, (scene, _) => Boxed(scene, _ => true));
    }

    private WorldMixture Tailed(params (WorldGroup, double)[] shares) => new(concepts, isEven: false, shares);

    private List<DatasetSample> Draw(string name, int corpus, int count, WorldMixture mixture, Func<Scene, Random, DatasetSample> describe)
    {
        Directory.CreateDirectory(Path.Combine(folder, name));
        return [.. Scenes(corpus, count, (number, random) =>
        {
            var (picture, objects) = _scenes.Draw(random, mixture.Draw);
            var path = Path.Combine(folder, name, $"{number - 1:000000}.jpg");
            using (picture) AtomicFile.Write(path, stream => picture.Encode(stream, SKEncodedImageFormat.Jpeg, JpegQuality));
            return describe(new(number, path, objects), random);
        })];
    }

    private IEnumerable<DatasetSample> Scenes(int corpus, int count, Func<int, Random, DatasetSample> draw) =>
        ParallelEnumerable.Range(1, count).AsOrdered().Select(number => draw(number, new Random(Mixed.Seed(options.Seed, corpus * PerCorpus + number))));

    private DatasetSample Boxed(Scene scene, Func<WorldConcept, bool> isKnown)
    {
        var known = scene.Objects.Where(o => isKnown(o.Concept)).ToArray();
        return Sample(scene, DatasetSampleKind.Detection) with
        {
            Boxes = [.. known.Select(o => o.Box)],
            Labels = [.. known.Select(o => o.Concept.Name)],
            IsCrowd = new bool[known.Length],
        };
    }

    private DatasetSample Grounded(Scene scene, Random random)
    {
        var names = scene.Objects.Where(o => o.Concept.Group != WorldGroup.Rare).Select(o => o.Concept.Name).Distinct().Take(random.Next(1, 5)).ToArray();
        if (names.Length == 0) names = [scene.Objects[0].Concept.Name];
        var boxed = scene.Objects.Where(o => names.Contains(o.Concept.Name) && o.Concept.Group != WorldGroup.Rare).ToArray();
        return Sample(scene, DatasetSampleKind.Grounding) with
        {
            Caption = WorldCaptions.Of(names, random),
            Boxes = [.. boxed.Select(o => Loose(o.Box, random))],
            Labels = [.. boxed.Select(o => o.Concept.Name)],
            IsCrowd = new bool[boxed.Length],
        };
    }

    private DatasetSample Paired(Scene scene, Random random, WorldMixture mixture)
    {
        var there = scene.Objects.Select(o => o.Concept.Name).Distinct().ToArray();
        random.Shuffle(there);
        string[] names = [.. there.Take(random.Next(1, 4)).Select(name => random.NextDouble() < options.WrongMentions ? mixture.Draw(random).Name : name).Distinct()];
        return Sample(scene, DatasetSampleKind.Pairs) with { Caption = WorldCaptions.Of(names, random), Labels = names };
    }

    private DatasetSample Sample(Scene scene, DatasetSampleKind kind) =>
        new() { ImageId = scene.Number, Kind = kind, ImagePath = scene.Path, Width = options.Side, Height = options.Side };

    private Box Loose(Box box, Random random)
    {
        float Off(float length) => MathF.Round((float)options.Looseness * length * (2 * random.NextSingle() - 1), 1);
        float Inside(float x) => Math.Clamp(x, 0, options.Side);
        return new(Inside(box.X0 + Off(box.Width)), Inside(box.Y0 + Off(box.Height)), Inside(box.X1 + Off(box.Width)), Inside(box.Y1 + Off(box.Height)));
    }

    private static byte[] Encode(SKBitmap picture)
    {
        using var data = picture.Encode(SKEncodedImageFormat.Jpeg, JpegQuality);
        return data.ToArray();
    }

    private sealed record Scene(int Number, string Path, IReadOnlyList<WorldObject> Objects);
}
