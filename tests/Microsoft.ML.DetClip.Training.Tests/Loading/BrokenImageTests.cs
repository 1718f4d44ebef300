using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Training.Tests;

public class BrokenImageTests
{
    private static readonly DetClipTrainer.Options Options = Tiny.Options with { Epochs = 10, Detection = Tiny.Options.Detection with { BatchSize = 4 } };

    [Fact]
    public void Other_images_take_the_place_of_broken_ones_always_the_same()
    {
        var warnings = new List<string>();
        var samples = WithBroken(Tiny.Samples(12), 2, 7);
        var (maker, again) = (Maker(samples, Options, warnings.Add), Maker(samples, Options));
        foreach (var step in Enumerable.Range(0, 6).Reverse())
        {
            using var batch = maker.Make(step);
            using var same = again.Make(step);

            Assert.Equal(4, batch.Images.Count);
            Assert.All(batch.Images, name => Assert.DoesNotContain("broken", name));
            Assert.Equal(same.Images, batch.Images);
            TensorAssert.Equal(same.Pixels, batch.Pixels);
        }

        Assert.Equal(2, maker.BrokenCount);
        Assert.Equal(2, warnings.Count);
        Assert.All(["broken 2", "broken 7"], name => Assert.Single(warnings, w => w.Contains(name)));
        Assert.Contains("2 of 12 images of kind Detection cannot be read", warnings[1]);
    }

    [Fact]
    public void Files_that_are_missing_are_broken_too()
    {
        var samples = Tiny.Samples(3).Append(new TrainingSample { Image = new("no/such/file.png"), Boxes = [], Concepts = [] }).ToArray();
        var maker = Maker(samples, Options);

        maker.Make(0).Dispose();

        Assert.Equal(1, maker.BrokenCount);
    }

    [Theory]
    [InlineData(0, 2, 1)]      // none is allowed
    [InlineData(0.01, 10, 0)]  // ten of few always are
    [InlineData(0.01, 11, 1)]
    [InlineData(0.5, 20, 0)]
    [InlineData(0.5, 21, 1)]
    public void Too_many_end_the_run_naming_one(double maxShare, int broken, int expected)
    {
        var maker = Maker(WithBroken(Tiny.Samples(40), [.. Enumerable.Range(0, broken)]), Options with { MaxBrokenShare = maxShare });
        Exception? error = null;
        for (var step = 0; step < 10 && error is null; step++) error = Record.Exception(() => maker.Make(step).Dispose());

        Assert.Equal(expected == 1, error is InvalidDataException);
        if (expected == 0) Assert.Null(error);
        else Assert.Contains("cannot be read, more than MaxBrokenShare (" + FormattableString.Invariant($"{maxShare}") + ") allows. The last: The image 'broken ", error!.Message);
    }

    [Fact]
    public void Data_without_any_whole_image_end_every_batch()
    {
        var maker = Maker(WithBroken(Tiny.Samples(2), 0, 1), Options);

        Assert.Throws<InvalidDataException>(() => maker.Make(0));
        Assert.Throws<InvalidDataException>(() => maker.Make(1));
    }

    private static BatchMaker Maker(IReadOnlyList<TrainingSample> samples, DetClipTrainer.Options options, Action<string>? warn = null) =>
        new(samples, new SentenceTokens(Tiny.Tokenizer, length: 4), options, warn: warn);

    private static TrainingSample[] WithBroken(IReadOnlyList<TrainingSample> samples, params int[] broken) =>
        [.. samples.Select((sample, i) => broken.Contains(i) ? sample with { Image = new($"broken {i}", new byte[] { 1, 2, 3 }) } : sample)];
}
