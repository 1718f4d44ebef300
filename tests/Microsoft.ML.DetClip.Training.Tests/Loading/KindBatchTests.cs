using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>Batches of every kind, out of one data set.</summary>
public class KindBatchTests
{
    private const int Length = 30; // no caption is cut

    private static readonly WordTokenizer Tokenizer = new([.. DrawnWorld.Words, "a", "left", "of", "and"]);

    private static readonly DetClipTrainer.Options Options = Tiny.Options with
    {
        Epochs = 2,
        Detection = new() { BatchSize = 4, SmallestShortSide = 48, ShortSide = 64, LongSide = 64, ConceptsPerImage = 12 },
        Grounding = new() { BatchSize = 3, SmallestShortSide = 32, ShortSide = 32, LongSide = 32, ConceptsPerImage = 12 },
        Pairs = new() { BatchSize = 5, SmallestShortSide = 96, ShortSide = 96, LongSide = 96, ConceptsPerImage = 3 },
    };

    private static readonly IReadOnlyList<TrainingSample> Samples =
    [
        .. Tiny.World.Scenes(8, DrawnWorld.Seen[..20], seed: 1),
        .. Tiny.World.Scenes(6, DrawnWorld.Seen, seed: 2).Select(s => s with { Kind = SampleKind.Grounding, Caption = CaptionOf(s) }),
        .. Tiny.World.Scenes(10, DrawnWorld.Seen, seed: 3).Select(s => s with { Kind = SampleKind.Pairs, Caption = CaptionOf(s), Boxes = [] }),
    ];

    [Fact]
    public void Each_batch_is_of_one_kind_with_its_size_and_resolution()
    {
        var maker = Maker(Samples, Options);
        var steps = new List<SampleKind>();
        for (var step = 0; step < maker.Schedule.TotalSteps; step++)
        {
            using var batch = maker.Make(step);
            var options = Options.Of(batch.Kind);

            steps.Add(batch.Kind);
            Assert.Equal(options.BatchSize, batch.Images.Count);
            Assert.Equal([options.BatchSize, 3, batch.Pixels.shape[2], batch.Pixels.shape[3]], batch.Pixels.shape);
            Assert.InRange(batch.Pixels.shape[2], options.SmallestShortSide / 32 * 32, options.ShortSide);
            Assert.Equal(batch.Kind == SampleKind.Pairs, batch.Targets.Boxes.shape[0] == 0);
            Assert.Equal(batch.Kind == SampleKind.Pairs, batch.Members is not null);
        }
        Assert.Equal(4, steps.Count(k => k == SampleKind.Detection));
        Assert.Equal(4, steps.Count(k => k == SampleKind.Grounding));
        Assert.Equal(4, steps.Count(k => k == SampleKind.Pairs));
    }

    [Fact]
    public void Texts_of_pairs_are_the_caption_then_its_phrases_each_concept_of_the_batch_once()
    {
        using var batch = First(Samples, SampleKind.Pairs);
        using var scope = NewDisposeScope();

        var rows = Rows(batch.Tokens);
        Assert.Equal(rows.Length, rows.Distinct().Count());
        Assert.Equal(5, batch.Members!.shape[0]);
        foreach (var (n, name) in batch.Images.Index())
        {
            var sample = Samples.Single(s => s.Image.Name == name);
            var expected = sample.Concepts.Select(c => c.Name).Prepend(sample.Caption!).Distinct().Take(Options.Pairs.ConceptsPerImage).Select(Row);
            var members = batch.Members[n].data<long>().ToArray();
            Assert.Equal(expected, members.TakeWhile(m => m >= 0).Select(m => rows[m]));
            Assert.All(members.SkipWhile(m => m >= 0), m => Assert.Equal(-1, m));
        }
        Assert.Equal(batch.Tokens.shape[0] - 1, batch.Members.max().item<long>());
    }

    [Fact]
    public void Images_with_captions_are_asked_about_other_things_than_the_caption_speaks_of()
    {
        var source = Source(SampleKind.Grounding, Options);
        for (var sample = 0; sample < 6; sample++)
            for (var epoch = 0; epoch < 20; epoch++)
            {
                using var view = source.Open(new(epoch, 0, sample));
                var shown = view.Sample.Concepts.Distinct().ToArray();
                var absent = view.Concepts.Skip(shown.Length).ToArray();

                Assert.Equal(shown, view.Concepts.Take(shown.Length));
                Assert.Equal(12, view.Concepts.Count);
                Assert.All(absent, concept => Assert.DoesNotContain($" {concept.Name} ", $" {view.Sample.Caption} "));
            }
    }

    [Fact]
    public void Images_for_detection_are_asked_about_categories_of_detection_data_alone()
    {
        var categories = Samples.Where(s => s.Kind == SampleKind.Detection).SelectMany(s => s.Concepts).ToHashSet();
        using var view = Source(SampleKind.Detection, Options).Open(new(0, 0, 0));

        Assert.Equal(12, view.Concepts.Count);
        Assert.Subset(categories, view.Concepts.ToHashSet());
    }

    [Fact]
    public void What_is_left_or_right_is_never_flipped()
    {
        var options = Options with { Grounding = Options.Grounding with { FlipProbability = 1 }, Detection = Options.Detection with { FlipProbability = 1 } };
        var asymmetric = Samples.Where(s => s.Kind == SampleKind.Grounding).ToArray();
        TrainingSample[] sided = [.. asymmetric.Select(s => s with { Caption = s.Caption + " left of a circle" })];
        TrainingSample[] labelled = [.. sided.Select(s => s with { Kind = SampleKind.Detection, Caption = null, Boxes = [s.Boxes[0]], Concepts = ["Left circle"] })];

        for (var i = 0; i < asymmetric.Length; i++)
        {
            Assert.True(Flip(asymmetric, i));
            Assert.False(Flip(sided, i));
            Assert.False(Flip(labelled, i));
        }

        bool Flip(TrainingSample[] samples, int i)
        {
            using var view = new KindSource(samples[0].Kind, samples, [], options, Worker.Alone, null).Open(new(0, 0, i));
            return view.Flip;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Batches_do_not_depend_on_the_number_of_threads(int threads)
    {
        var (maker, other) = (Maker(Samples, Options with { LoadingThreads = threads }), Maker(Samples, Options with { LoadingThreads = 2 }));
        for (var step = 0; step < maker.Schedule.TotalSteps; step++)
        {
            using var batch = maker.Make(step);
            using var same = other.Make(step);
            AssertEqual(same, batch);
        }
    }

    [Fact]
    public void Processes_make_slices_of_the_same_batch()
    {
        var whole = Maker(Samples, Options);
        BatchMaker[] parts = [.. Enumerable.Range(0, 3).Select(rank => Maker(Samples, Options, new(rank, 3)))];
        for (var step = 0; step < whole.Schedule.TotalSteps; step++)
        {
            using var scope = NewDisposeScope();
            var batch = whole.Make(step);
            var slices = parts.Select(part => part.Make(step)).ToArray();

            Assert.Equal(batch.Images, slices.SelectMany(slice => slice.Images));
            Assert.All(slices, slice => Assert.Equal(batch.Kind, slice.Kind));
            var first = slices[0].Pixels;
            TensorAssert.Equal(first, batch.Pixels.narrow(0, 0, first.shape[0]).narrow(2, 0, first.shape[2]).narrow(3, 0, first.shape[3]).contiguous());
            Assert.Equal(Rows(batch.Tokens).Order(), slices.SelectMany(slice => Rows(slice.Tokens)).Distinct().Order());
        }
        Assert.Contains("Grounding.BatchSize is 3, but there are 4 processes", Assert.Throws<ArgumentException>(() => Maker(Samples, Options, new(0, 4))).Message);
    }

    [Fact]
    public void Making_a_batch_leaves_no_tensors_but_its_own()
    {
        var maker = Maker(Samples, Options);
        maker.Make(0).Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var live = Tensor.TotalCount;

        for (var step = 0; step < maker.Schedule.TotalSteps; step++) maker.Make(step).Dispose();

        Assert.InRange(Tensor.TotalCount, 0, live);
    }

    [Fact]
    public void A_batch_moves_whole()
    {
        using var batch = First(Samples, SampleKind.Pairs).To(CPU);

        Assert.Equal(SampleKind.Pairs, batch.Kind);
        Assert.Equal(5, batch.Members!.shape[0]);
    }

    private static string CaptionOf(TrainingSample sample) => string.Join(" and ", sample.Concepts.Select(c => $"a {c.Name}"));

    private static BatchMaker Maker(IReadOnlyList<TrainingSample> samples, DetClipTrainer.Options options, Worker? worker = null) =>
        new(samples, new SentenceTokens(Tokenizer, Length), options, worker);

    private static KindSource Source(SampleKind kind, DetClipTrainer.Options options) =>
        new(kind, [.. Samples.Where(s => s.Kind == kind)], new ConceptPools(Samples, ConceptDictionary.Empty).Of(kind), options, Worker.Alone, null);

    private static TrainingBatch First(IReadOnlyList<TrainingSample> samples, SampleKind kind)
    {
        var maker = Maker(samples, Options);
        var step = 0;
        while (maker.Schedule.At(step).Kind != kind) step++;
        return maker.Make(step);
    }

    private static void AssertEqual(TrainingBatch expected, TrainingBatch actual)
    {
        Assert.Equal(expected.Images, actual.Images);
        TensorAssert.Equal(expected.Pixels, actual.Pixels);
        TensorAssert.Equal(expected.Tokens, actual.Tokens);
        TensorAssert.Equal(expected.Targets.Boxes, actual.Targets.Boxes);
        TensorAssert.Equal(expected.Targets.Concepts, actual.Targets.Concepts);
        if (expected.Members is { } members) TensorAssert.Equal(members, actual.Members!);
    }

    private static string Row(string name) => string.Join(" ", Tokenizer.EncodePadded(name, Length).Ids);

    private static string[] Rows(Tensor tokens) => [.. tokens.data<long>().ToArray().Chunk((int)tokens.shape[1]).Select(row => string.Join(" ", row))];
}
