namespace Microsoft.ML.DetClip;

/// <summary>Temperature of scores: sigmoid(logit(score) / temperature), Guo et al. 2017, section 4.2. Rising in the score, so it changes no order.</summary>
internal static class ScoreTemperature
{
    /// <summary>A score, 0 to 1, at a temperature above 0; 0 and 1 stay what they are, and temperature 1 changes nothing.</summary>
    public static float Apply(float score, double temperature)
    {
        if (temperature == 1 || !(score > 0 && score < 1)) return score;
        var logit = Math.Log(score) - Math.Log(1 - (double)score);
        return (float)(1 / (1 + Math.Exp(-logit / temperature)));
    }

    /// <summary>The score that <see cref="Apply(float, double)"/> makes this one of.</summary>
    public static float Undo(float score, double temperature) => Apply(score, 1 / temperature);

    /// <summary>Detections with their scores at a temperature, in the same order.</summary>
    public static DetectionList Apply(DetectionList detections, double temperature) =>
        temperature == 1 ? detections : new([.. detections.Select(d => d with { Score = Apply(d.Score, temperature) })]);

    /// <summary>Concepts whose thresholds are those of scores before <see cref="Apply(float, double)"/>.</summary>
    public static IReadOnlyList<Concept> Undo(IReadOnlyList<Concept> concepts, double temperature) =>
        temperature == 1 || concepts.All(c => c.Threshold is null) ? concepts : [.. concepts.Select(c => c.Threshold is { } t ? c with { Threshold = Undo(t, temperature) } : c)];
}
