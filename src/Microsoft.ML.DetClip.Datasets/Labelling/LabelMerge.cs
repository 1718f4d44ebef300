namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Puts what was found beside what is known already. Nothing that is known is changed.</summary>
/// <param name="leastIoU">An existing box of the same label with a higher overlap takes a detection's place.</param>
internal sealed class LabelMerge(double leastIoU)
{
    /// <summary>The detections that say something new about an image.</summary>
    /// <remarks>Not those that an existing box covers, nor those of labels that are known to be absent from the image.</remarks>
    public IReadOnlyList<Detection> NewOf(DatasetSample existing, IReadOnlyList<Detection> found) =>
        [.. found.Where(detection => !existing.AbsentLabels.Contains(detection.Label) && !IsKnown(existing, detection))];

    /// <summary>An image's sample with detections behind its own boxes.</summary>
    public static DatasetSample Add(DatasetSample sample, IReadOnlyList<Detection> found, ReviewBand? review)
    {
        if (found.Count == 0) return sample;
        var known = sample.Boxes.Count;
        return sample with
        {
            Boxes = [.. sample.Boxes, .. found.Select(d => d.Box)],
            Labels = [.. sample.Labels, .. found.Select(d => d.Label)],
            IsCrowd = [.. sample.IsCrowd, .. found.Select(_ => false)],
            Scores = [.. sample.Scores.Count > 0 ? sample.Scores : Enumerable.Repeat(1f, known), .. found.Select(d => d.Score)],
            NeedsReview = [.. Enumerable.Range(0, known).Select(sample.IsForReview), .. found.Select(d => review?.Contains(d.Score) ?? false)],
        };
    }

    // As COCO has it: of a crowd, how much of the detection lies in it.
    private bool IsKnown(DatasetSample existing, Detection detection) => existing.Boxes.Index().Any(box => existing.Labels[box.Index] == detection.Label
        && (existing.IsCrowd[box.Index] ? detection.Box.ShareInside(box.Item) : detection.Box.IoU(box.Item)) > leastIoU);
}
