using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip.Tests;

/// <summary>What runs on devices, run on the CPU.</summary>
public sealed class ConceptBindingsTests : IDisposable
{
    private static readonly EncodingNotes Quiet = new(Assert.Fail);
    private static readonly SessionDevice Binding = SessionDevice.Cpu with { Binds = true };

    private readonly DetectorSession _bound = new(ToyDetector.WithRegions, Binding, Assert.Fail);
    private readonly DetectorSession _plain = new(ToyDetector.WithRegions, SessionDevice.Cpu, Assert.Fail);

    public void Dispose()
    {
        _bound.Dispose();
        _plain.Dispose();
    }

    [Fact]
    public void Bound_and_plain_runs_give_the_same_bits_whatever_ran_before()
    {
        EncodedVocabulary[] vocabularies = [Encode("red"), Encode("green", "blue"), Encode("blue", "red", "green")];
        var random = new Random(1);
        for (var round = 0; round < 12; round++)
        {
            var (pixels, shape) = Images(random, count: 1 + round % 3, height: 32 + 16 * (round % 2), width: 48);
            var vocabulary = vocabularies[round % vocabularies.Length];

            using var bound = _bound.Run(pixels, shape, vocabulary, maxRegions: 1 + round % 4);
            using var plain = _plain.Run(pixels, shape, vocabulary, maxRegions: 1 + round % 4);
            using var boundRegions = _bound.RunRegions(pixels, shape, maxRegions: 2);
            using var plainRegions = _plain.RunRegions(pixels, shape, maxRegions: 2);

            for (var i = 0; i < shape[0]; i++)
            {
                var phrases = vocabulary.Plan.PhraseCount;
                Assert.Equal(plain.Boxes(i), bound.Boxes(i));
                Assert.Equal(plain.Scores(i, phrases), bound.Scores(i, phrases));
                Assert.Equal(plainRegions.Boxes(i), boundRegions.Boxes(i));
                Assert.Equal(plainRegions.Embeddings(i), boundRegions.Embeddings(i));
                Assert.Equal(plainRegions.Qualities(i), boundRegions.Qualities(i));
            }
        }
        Assert.Null(_plain.Bindings);
    }

    [Fact]
    public void Results_of_a_run_are_not_written_over_by_the_next()
    {
        var random = new Random(2);
        var vocabulary = Encode("red", "blue");
        var (first, shape) = Images(random, count: 1, height: 32, width: 32);
        var (second, _) = Images(random, count: 1, height: 32, width: 32);

        using var kept = _bound.Run(first, shape, vocabulary, maxRegions: 3);
        var before = kept.Boxes(0).ToArray();
        using var other = _bound.Run(second, shape, vocabulary, maxRegions: 3);

        Assert.NotEqual(before, other.Boxes(0).ToArray());
        Assert.Equal(before, kept.Boxes(0));
    }

    [Fact]
    public void A_vocabulary_is_bound_once_and_let_go_with_the_session()
    {
        var vocabulary = Encode("red");
        Run(vocabulary);
        var binding = Assert.Single(_bound.Bindings!.Kept);

        for (var i = 0; i < 5; i++) Run(vocabulary);
        Assert.Same(binding, Assert.Single(_bound.Bindings.Kept));
        Assert.False(binding.IsDisposed);
        _bound.Dispose();

        Assert.True(binding.IsDisposed);
        Assert.Empty(_bound.Bindings.Kept);
    }

    [Fact]
    public void Of_many_vocabularies_the_last_few_are_kept()
    {
        EncodedVocabulary[] all = [.. Enumerable.Range(0, ConceptBindings.MaxKept + 5).Select(i => Encode($"red{i}"))];
        List<ConceptBinding> seen = [];
        foreach (var vocabulary in all)
        {
            Run(vocabulary);
            seen.Add(_bound.Bindings!.Kept[^1]);
        }

        Assert.Equal(all[5..].Select(v => v.Embeddings), _bound.Bindings!.Kept.Select(b => b.Concepts));
        Assert.Equal(seen[5..], _bound.Bindings.Kept);
        Assert.All(seen[..5], binding => Assert.True(binding.IsDisposed));
    }

    [Fact]
    public void A_run_that_fails_keeps_nothing_and_harms_nothing()
    {
        var vocabulary = Encode("red");

        Assert.Throws<OnnxRuntimeException>(() => _bound.Run(new float[2 * 32 * 32], [1, 2, 32, 32], vocabulary, maxRegions: 3));

        Assert.Empty(_bound.Bindings!.Kept);
        Run(vocabulary);
        Assert.Single(_bound.Bindings.Kept);
    }

    [Fact]
    public void Threads_get_what_they_get_alone()
    {
        EncodedVocabulary[] vocabularies = [Encode("red", "green"), Encode("blue")];
        var scenes = Enumerable.Range(0, 24).Select(i => Images(new Random(i), count: 1 + i % 2, height: 32, width: 32)).ToArray();

        Parallel.For(0, scenes.Length, new() { MaxDegreeOfParallelism = 6 }, i =>
        {
            var ((pixels, shape), vocabulary) = (scenes[i], vocabularies[i % 2]);
            using var bound = _bound.Run(pixels, shape, vocabulary, maxRegions: 3);
            using var plain = _plain.Run(pixels, shape, vocabulary, maxRegions: 3);
            Assert.Equal(plain.Boxes(0), bound.Boxes(0));
            Assert.Equal(plain.Scores(0, vocabulary.Plan.PhraseCount), bound.Scores(0, vocabulary.Plan.PhraseCount));
        });

        Assert.InRange(_bound.Bindings!.Kept.Count, 2, ConceptBindings.MaxKept);
        foreach (var vocabulary in vocabularies) _bound.Forget(vocabulary);
        Assert.Empty(_bound.Bindings.Kept);
    }

    [Fact]
    public void A_transformer_finds_the_same_and_frees_its_vocabulary_when_it_is_disposed()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        var data = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new PathRow { Image = ToyImage.WithRed(60 + i % 2, 60, new(5, 5, 40, 50)).Save(folder) }).ToArray());
        using var plain = mlContext.Fit(Toy.Options, data);
        using var bound = OpenVocabularyDetectionTransformer.Create(mlContext, Binding, ToyDetector.Model, Toy.Options);
        var other = bound.WithVocabulary(["red"]);

        Assert.Equal(mlContext.Rows(plain.Transform(data)).Select(r => r.Detections), mlContext.Rows(bound.Transform(data)).Select(r => r.Detections));
        Assert.All(mlContext.Rows(other.Transform(data)), row => Assert.Single(row.Detections));
        using var session = bound.OpenSession();
        Assert.Equal([bound.Vocabulary.Embeddings, other.Vocabulary.Embeddings], session.Value.Bindings!.Kept.Select(b => b.Concepts));
        other.Dispose();

        Assert.Equal(bound.Vocabulary.Embeddings, Assert.Single(session.Value.Bindings.Kept).Concepts);
    }

    [Fact]
    public void The_CPU_binds_nothing()
    {
        using var session = new DetectorSession(ToyDetector.Model, new(0, FallbackToCpu: false) { Runtime = new() { Provider = ExecutionProvider.Cpu } }, Assert.Fail);

        Assert.Null(session.Bindings);
    }

    private EncodedVocabulary Encode(params Concept[] concepts) => _bound.Encode(concepts, Quiet);

    private void Run(EncodedVocabulary vocabulary)
    {
        var (pixels, shape) = Images(new Random(3), count: 1, height: 32, width: 32);
        _bound.Run(pixels, shape, vocabulary, maxRegions: 3).Dispose();
    }

    // Rectangles of one colour each, somewhere.
    private static (float[] Pixels, long[] Shape) Images(Random random, int count, int height, int width)
    {
        var pixels = new float[count * 3 * height * width]; // [N, 3, H, W]
        for (var plane = 0; plane < count * 3; plane++)
        {
            var (left, top) = (random.Next(width / 2), random.Next(height / 2));
            var (right, bottom) = (random.Next(left + 1, width), random.Next(top + 1, height));
            for (var y = top; y < bottom; y++) pixels.AsSpan((plane * height + y) * width).Slice(left, right - left).Fill(255);
        }
        return (pixels, [count, 3, height, width]);
    }
}
