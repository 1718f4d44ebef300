namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Which detections of a category are right in all areas: what is left of a <see cref="MatchTable"/> to pool categories. N detections.</summary>
/// <param name="Scores">[N]</param>
/// <param name="Images">Positions of their images. [N]</param>
/// <param name="Matched">Bit t: has a truth at threshold t. [N]</param>
/// <param name="Ignored">Bit t: does not count at threshold t. [N]</param>
/// <param name="Positives">Objects to find.</param>
internal sealed record CategoryMatches(double[] Scores, int[] Images, uint[] Matched, uint[] Ignored, int Positives)
{
    public static CategoryMatches Of(CategoryBoxes boxes, MatchTable table)
    {
        var images = new int[boxes.Detections.Length];
        foreach (var image in boxes.Images) Array.Fill(images, image.Image, image.FirstDetection, image.DetectionCount);
        return new(
            Array.ConvertAll(boxes.Detections, detection => detection.Score), images,
            table.Matched(AreaRange.All).ToArray(), table.Ignored(AreaRange.All).ToArray(), table.Positives[AreaRange.All]);
    }
}
