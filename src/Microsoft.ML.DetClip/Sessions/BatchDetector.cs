using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>An image to look at and what to look for; disposes the image if it owns it.</summary>
internal sealed record DetectionInput(Lent<MLImage> Image, Letterbox Plan, EncodedVocabulary Vocabulary) : IDisposable
{
    public void Dispose() => Image.Dispose();
}

/// <summary>Images to detections: one call of the graph for all images that share a canvas and a vocabulary.</summary>
/// <remarks>N images, H×W canvas, K concepts, P phrases, R regions.</remarks>
internal static class BatchDetector
{
    /// <summary>The detections of each image, in the order of the images.</summary>
    public static DetectionList[] Detect(DetectorSession session, IReadOnlyList<DetectionInput> inputs, SelectionOptions selection, int maxRegions)
    {
        var found = new DetectionList[inputs.Count];
        foreach (var group in Enumerable.Range(0, inputs.Count).GroupBy(i => (inputs[i].Plan.CanvasWidth, inputs[i].Plan.CanvasHeight, inputs[i].Vocabulary)))
        {
            int[] indices = [.. group];
            foreach (var (index, detections) in indices.Zip(DetectGroup(session, [.. indices.Select(i => inputs[i])], selection, maxRegions)))
                found[index] = detections;
        }
        return found;
    }

    private static DetectionList[] DetectGroup(DetectorSession session, DetectionInput[] inputs, SelectionOptions selection, int maxRegions)
    {
        var (plan, vocabulary) = (inputs[0].Plan, inputs[0].Vocabulary);
        var imageLength = 3 * plan.CanvasHeight * plan.CanvasWidth;
        using var pixels = new PooledFloats(checked(inputs.Length * imageLength)); // [N, 3, H, W]
        Parallel.For(0, inputs.Length, i => session.Normalize(inputs[i].Image.Value, inputs[i].Plan, pixels.Memory.Span.Slice(i * imageLength, imageLength)));
        using var regions = session.Run(pixels.Memory, [inputs.Length, 3, plan.CanvasHeight, plan.CanvasWidth], vocabulary, maxRegions);
        return [.. inputs.Select((input, i) => Select(regions, i, input, selection))];
    }

    private static DetectionList Select(Regions regions, int image, DetectionInput input, SelectionOptions selection)
    {
        var boxes = MemoryMarshal.Cast<float, Box>(regions.Boxes(image)); // [R]
        var plan = input.Vocabulary.Plan;
        using var buffer = new PooledFloats(plan.IsPlain ? 0 : boxes.Length * plan.Concepts.Count);
        var scores = ConceptScores.Combine(plan, regions.Scores(image, plan.PhraseCount), selection.ScoreThreshold, buffer.Memory.Span); // [R, K]
        var options = selection with { ScoreThreshold = ConceptScores.LowestThreshold(plan, selection.ScoreThreshold) };
        var detections = new List<Detection>();
        foreach (var (region, concept, score) in ConceptScores.MostSpecial(plan, boxes, NonMaximumSuppression.Select(boxes, scores, options), options.IouThreshold))
            if (input.Plan.ToSource(boxes[region]) is { Area: > 0 } box) // else it lies in the padding
                detections.Add(new(input.Vocabulary.Labels[concept], score, box));
        return new(detections);
    }
}
