using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>A sample as the network sees it once. It owns its pixels.</summary>
/// <param name="Sample">The sample.</param>
/// <param name="Pixels">Normalised RGB, float [3, CanvasHeight, CanvasWidth].</param>
/// <param name="Fit">Where the image lies on the canvas.</param>
/// <param name="Flip">Whether left and right are swapped.</param>
/// <param name="Concepts">What is asked about it, each once.</param>
internal sealed record SampleView(TrainingSample Sample, Tensor Pixels, Letterbox Fit, bool Flip, IReadOnlyList<Concept> Concepts) : IDisposable
{
    /// <summary>Resizes and normalises an image, which is not needed afterwards.</summary>
    public static SampleView Make(TrainingSample sample, MLImage image, Letterbox fit, bool flip, IReadOnlyList<Concept> concepts)
    {
        var pixels = empty(3, fit.CanvasHeight, fit.CanvasWidth);
        PixelNormalizer.Write(image, fit, PixelScale.Mean, PixelScale.Std, MemoryMarshal.Cast<byte, float>(pixels.bytes), flip);
        return new(sample, pixels, fit, flip, concepts);
    }

    /// <summary>The boxes that are still large enough on the canvas, each with what it shows.</summary>
    public IEnumerable<(Box Box, Concept Concept)> Boxes
    {
        get
        {
            foreach (var (box, concept) in Sample.Boxes.Zip(Sample.Concepts))
                if (Augmentation.ToCanvas(box, Fit, Flip) is { } seen) yield return (seen, concept);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Pixels.Dispose();
}
