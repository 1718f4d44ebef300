using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class DetectionLossTests
{
    private static readonly (Box[] Anchors, int[] LocationsPerLevel) Grid = Scene.Grid(96, 64, 8, 16, 32);

    [Fact]
    public void Loss_is_what_the_formulas_say_written_out()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        Box[][] images = [Scene.Boxes(new Random(1), 4, 96, 64), Scene.Boxes(new Random(2), 2, 96, 64)];
        int[] concepts = [0, 1, 1, 2, 0, 3];
        var output = Output(2);
        var logits = randn(2, Grid.Anchors.Length, 4);

        var parts = new DetectionLoss().Compute(output, logits, Targets(images, concepts));

        var (alignment, boxes, centerness, positives) = Plain(output, logits, images, concepts);
        Assert.Equal(positives, parts.Positives);
        Assert.Equal(alignment, parts.Alignment.item<float>(), 1e-4 * alignment);
        Assert.Equal(boxes, parts.Boxes.item<float>(), 1e-4);
        Assert.Equal(centerness, parts.Centerness.item<float>(), 1e-4);
        Assert.Equal(alignment + 2 * boxes + centerness, parts.Total.item<float>(), 1e-4 * alignment);
    }

    [Fact]
    public void Images_without_boxes_teach_only_what_is_not_there()
    {
        using var scope = NewDisposeScope();
        var output = Output(2);
        var logits = randn(2, Grid.Anchors.Length, 3).requires_grad_(true);

        var parts = new DetectionLoss().Compute(output, logits, Targets([[], []], []));
        parts.Total.backward();

        Assert.Equal(0, parts.Positives);
        Assert.Equal(0, parts.Boxes.item<float>());
        Assert.Equal(0, parts.Centerness.item<float>());
        Assert.True((logits.grad! > 0).all().item<bool>(), "every similarity must be pushed down");
    }

    [Fact]
    public void A_perfect_answer_costs_almost_nothing()
    {
        using var scope = NewDisposeScope();
        Box[][] images = [Scene.Boxes(new Random(3), 3, 96, 64)];
        var targets = Targets(images, [0, 1, 2]);
        var (output, logits) = PerfectAnswer(targets);

        var parts = new DetectionLoss().Compute(output, logits, targets);

        Assert.InRange(parts.Alignment.item<float>(), 0, 1e-3);
        Assert.InRange(parts.Boxes.item<float>(), 0, 1e-3);
    }

    [Theory]
    [InlineData(1 << 23)]
    [InlineData(30)] // ten locations at a time
    public void From_embeddings_it_is_the_loss_of_their_logits(long blockElements)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        var targets = Targets([Scene.Boxes(new Random(4), 4, 96, 64), Scene.Boxes(new Random(5), 1, 96, 64)], [0, 1, 2, 2, 1]);
        var output = Output(2) with { Embeddings = randn(2, Grid.Anchors.Length, 5) };
        var (concepts, logits) = (randn(3, 5), new LogitFunction(tensor(new[] { -2f })));
        var loss = new DetectionLoss { Alignment = new() { BlockElements = blockElements } };

        var expected = loss.Compute(output, logits.Compute(output.Embeddings, concepts), targets);
        var actual = loss.Compute(output, concepts, logits, targets);

        Assert.Equal(expected.Positives, actual.Positives);
        TensorAssert.Close(expected.Alignment, actual.Alignment, absolute: 0, relative: 1e-5);
        TensorAssert.Close(expected.Total, actual.Total, absolute: 0, relative: 1e-5);
    }

    [Fact]
    public void Grounding_teaches_alignment_alone()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var targets = Targets([Scene.Boxes(new Random(6), 3, 96, 64)], [0, 1, 2]);
        var output = Output(1);
        foreach (var x in new[] { output.Deltas, output.Centerness }) x.requires_grad_();
        output = output with { Foreground = randn(1, Grid.Anchors.Length).requires_grad_() };
        var logits = randn(1, Grid.Anchors.Length, 3).requires_grad_();

        var parts = DetectionLoss.Grounding.Compute(output, logits, targets);
        parts.Total.backward();

        TensorAssert.Equal(new DetectionLoss().Compute(output, logits, targets).Alignment, parts.Total);
        Assert.All([parts.Boxes, parts.Centerness, parts.Proposals], part => Assert.Equal(0, part.item<float>()));
        Assert.All([output.Deltas, output.Centerness, output.Foreground], x => Assert.Null(x.grad));
        Assert.NotNull(logits.grad);
    }

    [Fact]
    public void Extra_outputs_of_the_head_learn_what_is_an_object_and_how_well_it_is_boxed()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        var boxes = Scene.Boxes(new Random(7), 3, 96, 64);
        var (output, logits) = (Output(1), randn(1, Grid.Anchors.Length, 3));
        var (foreground, iou) = (randn(1, Grid.Anchors.Length).requires_grad_(), randn(1, Grid.Anchors.Length).requires_grad_());
        var plain = new DetectionLoss().Compute(output, logits, Targets([boxes], [0, 1, 2]));

        var parts = new DetectionLoss { ProposalWeight = 0.5 }.Compute(output with { Foreground = foreground, IoU = iou }, logits, Targets([boxes], [0, 1, 2]));
        parts.Total.backward();

        double expected = 0;
        var owners = PlainAtss.Assign(Grid.Anchors, Grid.LocationsPerLevel, boxes);
        for (var l = 0; l < owners.Length; l++)
        {
            expected += Focal(foreground[0, l].item<float>(), owners[l] >= 0);
            Assert.Equal(owners[l] >= 0, foreground.grad![0, l].item<float>() < 0); // objects up, all else down
            if (owners[l] < 0) continue;
            var p = 1 / (1 + Math.Exp(-iou[0, l].item<float>()));
            var truth = Decode(Grid.Anchors[l], output.Deltas[0, l].data<float>().ToArray()).IoU(boxes[owners[l]]);
            expected -= truth * Math.Log(p) + (1 - truth) * Math.Log(1 - p);
        }
        Assert.Equal(expected / parts.Positives, parts.Proposals.item<float>(), 1e-4 * expected);
        Assert.Equal(plain.Total.item<float>() + 0.5 * parts.Proposals.item<float>(), parts.Total.item<float>(), 1e-4 * plain.Total.item<float>());
        Assert.Equal(0, plain.Proposals.item<float>());
    }

    [Fact]
    public void Computing_leaves_no_tensors_behind() => LeakAssert.NoTensorsLeftBy(() =>
    {
        using var scope = NewDisposeScope();
        new DetectionLoss().Compute(Output(1), zeros(1, Grid.Anchors.Length, 2), Targets([Scene.Boxes(new Random(3), 2, 96, 64)], [0, 1]));
    });

    private static HeadOutput<Tensor> Output(int images) => new(
        zeros(images, Grid.Anchors.Length, 1), randn(images, Grid.Anchors.Length, 4), randn(images, Grid.Anchors.Length),
        Scene.ToTensor(Grid.Anchors), [.. Grid.LocationsPerLevel.Select(count => zeros(images, 1, 1, count))]);

    private static DetectionTargets Targets(Box[][] images, int[] concepts) => new(
        Scene.ToTensor([.. images.SelectMany(b => b)]), Scene.Indices(images.SelectMany((boxes, n) => boxes.Select(_ => n))), Scene.Indices(concepts));

    private static (HeadOutput<Tensor>, Tensor) PerfectAnswer(DetectionTargets targets)
    {
        var output = Output(1);
        var assigned = new AtssAssigner().Assign(output.Anchors, Grid.LocationsPerLevel, targets.Boxes, targets.Images);
        var logits = full(1, Grid.Anchors.Length, 3, -20f);
        foreach (var (location, box) in assigned.Locations.data<long>().Zip(assigned.Boxes.data<long>()))
        {
            output.Deltas[0, location] = new DeltaBoxCoder().Encode(output.Anchors[location], targets.Boxes[box]);
            logits[0, location, targets.Concepts[box].item<long>()] = 20f;
        }
        return (output, logits);
    }

    // Sums over every location and concept, one at a time.
    private static (double Alignment, double Boxes, double Centerness, long Positives) Plain(HeadOutput<Tensor> output, Tensor logits, Box[][] images, int[] concepts)
    {
        double focal = 0, giou = 0, centerness = 0, weights = 0;
        var (positives, firstBox) = (0L, 0);
        for (var n = 0; n < images.Length; n++)
        {
            var owners = PlainAtss.Assign(Grid.Anchors, Grid.LocationsPerLevel, images[n]);
            for (var l = 0; l < owners.Length; l++)
            {
                var concept = owners[l] < 0 ? -1 : concepts[firstBox + owners[l]];
                for (var k = 0; k < logits.shape[2]; k++) focal += Focal(logits[n, l, k].item<float>(), k == concept);
                if (concept < 0) continue;
                positives++;
                var weight = Centerness(Grid.Anchors[l], images[n][owners[l]]);
                weights += weight;
                giou += weight * (1 - Giou(Decode(Grid.Anchors[l], output.Deltas[n, l].data<float>().ToArray()), images[n][owners[l]]));
                var p = 1 / (1 + Math.Exp(-output.Centerness[n, l].item<float>()));
                centerness -= weight * Math.Log(p) + (1 - weight) * Math.Log(1 - p);
            }
            firstBox += images[n].Length;
        }
        return (focal / positives, giou / weights, centerness / positives, positives);
    }

    private static double Focal(double logit, bool isShown)
    {
        var p = 1 / (1 + Math.Exp(-logit));
        return isShown ? -0.25 * (1 - p) * (1 - p) * Math.Log(p) : -0.75 * p * p * Math.Log(1 - p);
    }

    private static double Centerness(Box anchor, Box box)
    {
        var (x, y) = ((anchor.X0 + anchor.X1) / 2, (anchor.Y0 + anchor.Y1) / 2);
        var (l, t, r, b) = (x - box.X0, y - box.Y0, box.X1 - x, box.Y1 - y);
        return Math.Sqrt(Math.Min(l, r) / Math.Max(l, r) * (Math.Min(t, b) / Math.Max(t, b)));
    }

    private static Box Decode(Box anchor, float[] d)
    {
        var (x, y) = ((anchor.X0 + anchor.X1) / 2 + 0.1f * d[0] * anchor.Width, (anchor.Y0 + anchor.Y1) / 2 + 0.1f * d[1] * anchor.Height);
        var (w, h) = (anchor.Width * MathF.Exp(0.2f * d[2]), anchor.Height * MathF.Exp(0.2f * d[3]));
        return new(x - w / 2, y - h / 2, x + w / 2, y + h / 2);
    }

    private static double Giou(Box a, Box b)
    {
        var intersection = Math.Max(0, Math.Min(a.X1, b.X1) - Math.Max(a.X0, b.X0)) * Math.Max(0, Math.Min(a.Y1, b.Y1) - Math.Max(a.Y0, b.Y0));
        var union = a.Area + b.Area - intersection;
        var hull = (Math.Max(a.X1, b.X1) - Math.Min(a.X0, b.X0)) * (Math.Max(a.Y1, b.Y1) - Math.Min(a.Y0, b.Y0));
        return intersection / union - (hull - union) / hull;
    }
}
