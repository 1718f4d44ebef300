using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Images of 32 × 32 pixels with the 16 locations of stride 8; anchors of 8 pixels that do not overlap, and boxes as the deltas say.</summary>
public class ProposalSelectorTests
{
    private const int Locations = 16, Width = 2;

    [Fact]
    public void Locations_near_any_text_of_the_batch_come_first()
    {
        using var scope = NewDisposeScope();
        var output = Output(images: 2);
        output.Embeddings[0, 3] = tensor(new[] { 5f, 0f }); // like the text of image 0
        output.Embeddings[0, 7] = tensor(new[] { 0f, 9f }); // like the text of image 1
        output.Embeddings[1, 5] = tensor(new[] { 4f, 0f });

        Assert.Equal([[7, 3], [5]], Best(output, new() { Proposals = 2 }, [2, 1]));
        Assert.Equal([[3], [0]], Best(output, new() { Proposals = 1, ProposalScore = ProposalScore.OwnText }, [1, 1]));
    }

    [Fact]
    public void Texts_of_other_processes_choose_nothing()
    {
        using var scope = NewDisposeScope();
        var output = Output(images: 1);
        output.Embeddings[0, 3] = tensor(new[] { 9f, 0f }); // like text 0, which belongs to another process
        output.Embeddings[0, 7] = tensor(new[] { 0f, 5f });
        var texts = new PairTexts(eye(Width), Scene.Indices([0, -1, 1, -1]).view(2, 2), First: 1);

        foreach (var score in new[] { ProposalScore.BatchText, ProposalScore.OwnText })
            Assert.Equal([[7]], Lists(new ProposalSelector(new() { ProposalScore = score }).Select(output, texts, new()), [1]));
    }

    [Fact]
    public void Centerness_can_rank_or_join_in()
    {
        using var scope = NewDisposeScope();
        var output = Output(images: 1);
        (output.Embeddings[0, 3], output.Embeddings[0, 4]) = (tensor(new[] { 5f, 0f }), tensor(new[] { 4f, 0f }));
        (output.Centerness[0, 3], output.Centerness[0, 4], output.Centerness[0, 9]) = (-8, 2, 3);

        Assert.Equal([[9]], Best(output, new() { Proposals = 1, ProposalScore = ProposalScore.Centerness }, [1]));
        Assert.Equal([[3]], Best(output, new() { Proposals = 1 }, [1]));
        Assert.Equal([[4]], Best(output, new() { Proposals = 1, ProposalScore = ProposalScore.BatchTextTimesCenterness }, [1]));
    }

    [Fact]
    public void The_heads_extra_outputs_can_rank_where_it_has_them()
    {
        using var scope = NewDisposeScope();
        var output = Output(images: 1) with { Foreground = one(6), IoU = one(11) };

        Assert.Equal([[6]], Best(output, new() { Proposals = 1, ProposalScore = ProposalScore.Foreground }, [1]));
        Assert.Equal([[11]], Best(output, new() { Proposals = 1, ProposalScore = ProposalScore.PredictedIoU }, [1]));
        static Tensor one(int location) => nn.functional.one_hot(tensor(new long[] { location }), Locations).to(float32);
    }

    [Theory]
    [InlineData(ProposalScore.Foreground, "Foreground")]
    [InlineData(ProposalScore.PredictedIoU, "PredictedIoU")]
    public void An_output_that_the_head_lacks_is_named(ProposalScore score, string name)
    {
        using var scope = NewDisposeScope();
        var failure = Assert.Throws<ArgumentException>(() => Select(Output(1), new() { ProposalScore = score }));
        Assert.Equal(
            $"Proposals cannot be ranked: the network's head has no output '{name}'. " +
            $"Set Head.{name} in its configuration and train it on images with boxes, or choose another ProposalScore.",
            failure.Message);
    }

    [Fact]
    public void A_box_that_overlaps_a_better_one_is_dropped()
    {
        using var scope = NewDisposeScope();
        var output = Output(images: 1);
        (output.Centerness[0, 5], output.Centerness[0, 6]) = (3, 2);
        // Location 6 looks one cell to the left, where location 5 is; locations 7 only half as far.
        output.Deltas[0, 6, 0] = -1 / BoxCoding.CentreStd;
        output.Deltas[0, 7, 0] = -1.5 / BoxCoding.CentreStd;

        var byCenterness = new WordRegionLossOptions { ProposalScore = ProposalScore.Centerness };
        var kept = Select(output, byCenterness);
        var all = Select(output, byCenterness with { ProposalIouThreshold = 1 });

        Assert.DoesNotContain(6, Lists(kept, [15])[0]);
        Assert.Contains(7, Lists(kept, [15])[0]); // IoU 1/3
        Assert.Equal(Locations, all.Locations.shape[1]);
    }

    [Fact]
    public void Images_with_fewer_proposals_are_padded()
    {
        using var scope = NewDisposeScope();
        var output = Output(images: 2);
        output.Deltas[1] = new DeltaBoxCoder().Encode(output.Anchors, tensor(new[] { 0f, 0f, 8f, 8f }).expand(Locations, 4)); // all the same box

        var proposals = Select(output, new() { ProposalScore = ProposalScore.Centerness, Proposals = 10 });

        Assert.Equal([2, 10], proposals.Locations.shape);
        Assert.Equal([10, 1], proposals.Valid.sum(1).data<long>().ToArray());
        TensorAssert.Equal(zeros(9, int64), proposals.Locations[1].narrow(0, 1, 9));
        Assert.True(proposals.Valid[1, 0].item<bool>());
    }

    [Fact]
    public void The_largest_box_is_that_inside_the_image()
    {
        using var scope = NewDisposeScope();
        var output = Output(images: 1);
        (output.Centerness[0, 2], output.Centerness[0, 9]) = (2, 1);
        var boxes = output.Anchors.clone();
        boxes[9] = tensor(new float[] { 8, 8, 24, 24 });
        boxes[2] = tensor(new float[] { 28, 0, 90, 90 });
        output.Deltas[0] = new DeltaBoxCoder().Encode(output.Anchors, boxes);

        var proposals = Select(output, new() { ProposalScore = ProposalScore.Centerness });

        Assert.Equal(9, proposals.Locations[0, proposals.Largest[0].item<long>()].item<long>()); // 256 square pixels; of the other box 128 lie inside
    }

    [Fact]
    public void Gathered_embeddings_carry_gradient_to_the_chosen_locations_alone()
    {
        using var scope = NewDisposeScope();
        var output = Output(images: 1);
        output.Centerness[0, 12] = 1;
        var embeddings = randn(1, Locations, Width).requires_grad_();

        var chosen = Select(output, new() { ProposalScore = ProposalScore.Centerness, Proposals = 1 }).Gather(embeddings);
        chosen.sum().backward();

        TensorAssert.Equal(embeddings[0, 12], chosen[0, 0]);
        Assert.Equal(Width, embeddings.grad!.sum().item<float>());
        Assert.Equal(Width, embeddings.grad![0, 12].sum().item<float>());
    }

    [Fact]
    public void Scores_that_are_no_numbers_choose_nothing()
    {
        using var scope = NewDisposeScope();
        var output = Output(images: 1);
        output.Centerness.fill_(float.NaN);

        var proposals = Select(output, new() { ProposalScore = ProposalScore.Centerness });

        Assert.False(proposals.Valid.any().item<bool>());
        Assert.Equal([1, 1], proposals.Locations.shape);
    }

    [Fact]
    public void Selecting_leaves_no_tensors_behind()
    {
        using var outer = NewDisposeScope();
        var output = Output(images: 2);
        LeakAssert.NoTensorsLeftBy(() =>
        {
            using var scope = NewDisposeScope();
            Select(output, new());
            Select(output, new() { ProposalScore = ProposalScore.OwnText });
        });
    }

    private static HeadOutput<Tensor> Output(int images) => new(
        zeros(images, Locations, Width), zeros(images, Locations, 4), zeros(images, Locations),
        TorchOps.Inference.Anchors(zeros(1, 1, 4, 4), 8, 8, 0.5), [zeros(images, 1, 4, 4)]);

    // Text i is the i-th unit vector.
    private static Proposals Select(HeadOutput<Tensor> output, WordRegionLossOptions options)
    {
        var images = output.Deltas.shape[0];
        return new ProposalSelector(options).Select(output, new(eye(Width), arange(images, int64).unsqueeze(1)), new());
    }

    private static long[][] Best(HeadOutput<Tensor> output, WordRegionLossOptions options, int[] counts) => Lists(Select(output, options), counts);

    // The first so many of each image.
    private static long[][] Lists(Proposals proposals, int[] counts) =>
        [.. counts.Select((count, i) => proposals.Locations[i].narrow(0, 0, count).data<long>().ToArray())];
}
