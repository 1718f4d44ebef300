using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

public class BatchMakerTests
{
    [Fact]
    public async Task The_same_step_is_the_same_batch_on_any_thread()
    {
        var maker = Maker(Tiny.Samples(6), batchSize: 4);
        using var first = maker.Make(5);
        using var again = await Task.Run(() => maker.Make(5));

        TensorAssert.Equal(first.Pixels, again.Pixels);
        TensorAssert.Equal(first.Tokens, again.Tokens);
        TensorAssert.Equal(first.Targets.Boxes, again.Targets.Boxes);
        Assert.Equal(first.Images, again.Images);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Boxes_lie_on_what_they_name_flipped_or_not(double flipProbability)
    {
        // White squares stand out from the gray ground: inside the box all is brighter than the mean of the image.
        var samples = Tiny.World.Scenes(8, ["white square"], seed: 1);
        using var batch = Maker(samples, batchSize: 8, flipProbability).Make(0);
        using var scope = NewDisposeScope();

        for (var g = 0; g < batch.Targets.Boxes.shape[0]; g++)
        {
            var box = batch.Targets.Boxes[g].data<float>().ToArray();
            var (x, y) = ((long)(box[0] + box[2]) / 2, (long)(box[1] + box[3]) / 2);
            var image = batch.Pixels[batch.Targets.Images[g].item<long>()];
            Assert.True(image[0, y, x].item<float>() > 1.5, $"box {g} is not on a white square");
        }
    }

    [Fact]
    public void Concepts_of_all_images_are_joined_each_once_and_boxes_point_to_theirs()
    {
        var samples = Tiny.Samples(6);
        using var batch = Maker(samples, batchSize: 6).Make(0);

        var rows = Rows(batch.Tokens);
        Assert.Equal(rows.Length, rows.Distinct().Count());
        var shown = batch.Targets.Concepts.data<long>().ToArray().Select(k => rows[k]).Order();
        var expected = samples.SelectMany(s => s.Concepts).Select(c => string.Join(" ", Tiny.Tokenizer.EncodePadded(c.Name, 4).Ids)).Order();
        Assert.Equal(expected, shown);
    }

    [Fact]
    public void Images_without_boxes_make_a_batch_too()
    {
        var samples = Tiny.Samples(3).Select((s, i) => i == 0 ? s : s with { Boxes = [], Concepts = [] }).ToArray();
        var maker = Maker(samples, batchSize: 1);
        using var batch = Enumerable.Range(0, 3).Select(step => maker.Make(step)).First(b => b.Images[0] != samples[0].Image.Name);

        Assert.Equal([0L, 4], batch.Targets.Boxes.shape);
        Assert.True(batch.Tokens.shape[0] > 0, "the other concepts are asked all the same");
    }

    private static BatchMaker Maker(IReadOnlyList<TrainingSample> samples, int batchSize, double flipProbability = 0.5) => new(
        samples, new SentenceTokens(Tiny.Tokenizer, length: 4),
        Tiny.Options with { Epochs = 10, Detection = Tiny.Options.Detection with { BatchSize = batchSize, FlipProbability = flipProbability, ConceptsPerImage = 10 } });

    private static string[] Rows(Tensor tokens) => [.. tokens.data<long>().ToArray().Chunk((int)tokens.shape[1]).Select(row => string.Join(" ", row))];
}
