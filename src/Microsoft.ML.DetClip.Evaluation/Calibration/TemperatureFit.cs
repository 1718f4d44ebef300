namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>The temperature at which scores are the likeliest (Guo et al. 2017, section 4.2): the least cross entropy, a convex function of 1 / temperature.</summary>
internal static class TemperatureFit
{
    /// <summary>Temperatures lie from 1 / this to this.</summary>
    public const double Largest = 20;

    private const int Halvings = 60;
    private const double Edge = 1e-6; // scores of 0 and 1 have no finite logit

    /// <summary>The best temperature; 1 where there are no detections.</summary>
    public static double Find(IReadOnlyList<(float Score, bool IsRight)> detections)
    {
        if (detections.Count == 0) return 1;
        var logits = detections.Select(d => Logit(Math.Clamp(d.Score, Edge, 1 - Edge))).ToArray();
        var (low, high) = (Math.Log(1 / Largest), Math.Log(Largest)); // of 1 / temperature
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (Slope(logits, detections, Math.Exp(middle)) < 0) low = middle;
            else high = middle;
        }
        return Math.Exp(-(low + high) / 2);
    }

    private static double Slope(double[] logits, IReadOnlyList<(float Score, bool IsRight)> detections, double inverse)
    {
        var slope = 0.0;
        for (var i = 0; i < logits.Length; i++) slope += logits[i] * (1 / (1 + Math.Exp(-inverse * logits[i])) - (detections[i].IsRight ? 1 : 0));
        return slope;
    }

    private static double Logit(double p) => Math.Log(p) - Math.Log(1 - p);
}
