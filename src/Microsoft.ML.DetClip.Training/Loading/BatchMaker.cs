using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Makes the batch of a step: decodes, varies and joins its images, and gathers their concepts. Thread-safe, and the same for the same step.</summary>
internal sealed class BatchMaker(
    IReadOnlyList<TrainingSample> samples, SampleOrder order, Augmentation augmentation, ConceptSampler sampler, SentenceTokens tokens)
{
    /// <summary>The batch of a step, on the CPU.</summary>
    /// <exception cref="ImageDecodingException">An image cannot be decoded; names it.</exception>
    public TrainingBatch Make(long step, CancellationToken cancellation = default)
    {
        var views = new List<View>();
        try
        {
            foreach (var (epoch, sample) in order.Batch(step))
            {
                cancellation.ThrowIfCancellationRequested();
                views.Add(Open(samples[sample], order.ChoicesFor(epoch, sample)));
            }
            return Join(views);
        }
        finally
        {
            foreach (var view in views) view.Image.Dispose();
        }
    }

    private View Open(TrainingSample sample, Random choices)
    {
        var image = sample.Image.Decode();
        var (fit, flip) = augmentation.Draw(image.Width, image.Height, choices);
        return new(sample, image, fit, flip, sampler.Choose(sample.Concepts, choices));
    }

    private TrainingBatch Join(List<View> views)
    {
        using var scope = NewDisposeScope();
        var concepts = new OrderedSet<Concept>(views.SelectMany(v => v.Concepts));
        var rows = tensor(tokens.Of(concepts.Items)).view(concepts.Items.Count, -1); // [K, T]
        var batch = new TrainingBatch([.. views.Select(v => v.Sample.Image.Name)], Pixels(views), rows, Targets(views, concepts));
        batch.Detach();
        return batch;
    }

    private Tensor Pixels(List<View> views)
    {
        var (width, height) = (views.Max(v => v.Fit.CanvasWidth), views.Max(v => v.Fit.CanvasHeight));
        var pixels = empty(views.Count, 3, height, width);
        var values = MemoryMarshal.Cast<byte, float>(pixels.bytes);
        var perImage = 3 * height * width;
        foreach (var (n, view) in views.Index())
        {
            var canvas = view.Fit with { CanvasWidth = width, CanvasHeight = height };
            PixelNormalizer.Write(view.Image, canvas, PixelScale.Mean, PixelScale.Std, values.Slice(n * perImage, perImage), view.Flip);
        }
        return pixels;
    }

    private static DetectionTargets Targets(List<View> views, OrderedSet<Concept> concepts)
    {
        var (corners, images, places) = (new List<float>(), new List<long>(), new List<long>());
        foreach (var (n, view) in views.Index())
            foreach (var (box, concept) in view.Sample.Boxes.Zip(view.Sample.Concepts))
            {
                if (Augmentation.ToCanvas(box, view.Fit, view.Flip) is not { } seen) continue;
                corners.AddRange([seen.X0, seen.Y0, seen.X1, seen.Y1]);
                images.Add(n);
                places.Add(concepts.PlaceOf(concept));
            }
        return new(tensor(corners.ToArray()).view(-1, 4), tensor(images.ToArray()), tensor(places.ToArray()));
    }

    private sealed record View(TrainingSample Sample, MLImage Image, Letterbox Fit, bool Flip, IReadOnlyList<Concept> Concepts);
}
