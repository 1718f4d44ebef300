namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>The pair loss one number at a time.</summary>
internal static class PlainWordRegion
{
    /// <param name="regions">[N][k][D]</param>
    /// <param name="texts">[B][M][D], the caption first.</param>
    /// <param name="options">Choices.</param>
    public static double Loss(double[][][] regions, double[][][] texts, WordRegionLossOptions options)
    {
        var losses = new List<double>();
        foreach (var fromText in new[] { true, false })
        {
            if (options.Direction == (fromText ? ContrastDirection.ImageToText : ContrastDirection.TextToImage)) continue;
            var overImages = options.Candidates == ContrastCandidates.Images || (options.Candidates == ContrastCandidates.Retrieved && fromText);
            double Logit(int image, int text) =>
                (fromText ? Score(texts[text], regions[image], options) : Score(regions[image], texts[text], options)) / options.Temperature;
            for (var i = 0; i < regions.Length; i++)
            {
                var logits = Enumerable.Range(0, regions.Length).Select(j => overImages ? Logit(j, i) : Logit(i, j)).ToArray();
                losses.Add(CrossEntropy(logits, i, options.LabelSmoothing));
            }
        }
        return losses.Average();
    }

    // Each seeker finds its match among the others.
    private static double Score(double[][] seekers, double[][] others, WordRegionLossOptions options)
    {
        var found = seekers.Select(s => Match([.. others.Select(o => s.Zip(o, (a, b) => a * b).Sum())], options)).ToArray();
        return options.Aggregation == ConceptAggregation.Sum ? found.Sum() : found.Average();
    }

    private static double Match(double[] similarities, WordRegionLossOptions options)
    {
        if (options.Matching == WordRegionMatching.OneToOne) return similarities.Max();
        var weights = similarities.Select(s => Math.Exp(s / options.MatchingTemperature)).ToArray();
        return similarities.Zip(weights, (s, w) => s * w).Sum() / weights.Sum();
    }

    private static double CrossEntropy(double[] logits, int right, double smoothing)
    {
        var all = Math.Log(logits.Sum(Math.Exp));
        return logits.Select((x, i) => (all - x) * ((i == right ? 1 - smoothing : 0) + smoothing / logits.Length)).Sum();
    }
}
