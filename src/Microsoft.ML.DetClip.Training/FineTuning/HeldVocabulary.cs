using System.Globalization;
using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Training;

/// <summary>How well a held vocabulary is found before and after training: what the run cost.</summary>
/// <param name="Names">Names in the vocabulary.</param>
/// <param name="Images">Images measured on.</param>
/// <param name="Before">COCO's metrics of the network that the run began with.</param>
/// <param name="After">COCO's metrics of the network that it ended with.</param>
public sealed record HeldVocabulary(int Names, int Images, CocoMetrics Before, CocoMetrics After)
{
    /// <summary>AP that was lost, at most 1; below 0 where it rose.</summary>
    public double Forgotten => Before.AP - After.AP;

    /// <summary>Such as "held vocabulary, 12 names on 40 images: AP 0.512 before, 0.431 after (-0.081); AP50 0.801 before, 0.722 after".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"held vocabulary, {Names} names on {Images} images: AP {Before.AP:F3} before, {After.AP:F3} after ({After.AP - Before.AP:+0.000;-0.000;0.000}); AP50 {Before.AP50:F3} before, {After.AP50:F3} after");
}
