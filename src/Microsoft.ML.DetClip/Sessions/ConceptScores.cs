namespace Microsoft.ML.DetClip;

/// <summary>From the scores of phrases, which the image graph gives, to those of concepts: the rules of <see cref="Vocabulary"/>.</summary>
/// <remarks>R regions, P phrases, K concepts. A score of 0 says: not here.</remarks>
internal static class ConceptScores
{
    /// <summary>The threshold above which a combined score is a detection, given the one that holds for concepts without their own.</summary>
    public static float LowestThreshold(PhrasePlan plan, float threshold) =>
        plan.IsPlain ? threshold : plan.Concepts.Min(concept => concept.Threshold ?? threshold);

    /// <summary>The scores of concepts.</summary>
    /// <param name="plan">How phrases and concepts are related.</param>
    /// <param name="phrases">Scores of phrases, [R, P], row-major.</param>
    /// <param name="threshold">For concepts without their own.</param>
    /// <param name="buffer">Room for [R, K].</param>
    /// <returns>[R, K]: the given scores themselves where every concept is one phrase; else the buffer, with 0 for what is at or under its concept's threshold.</returns>
    public static ReadOnlySpan<float> Combine(PhrasePlan plan, ReadOnlySpan<float> phrases, float threshold, Span<float> buffer)
    {
        if (plan.IsPlain) return phrases;
        var (regions, count) = (phrases.Length / plan.PhraseCount, plan.Concepts.Count);
        float[] thresholds = [.. plan.Concepts.Select(concept => concept.Threshold ?? threshold)];
        var found = new bool[count];
        for (var r = 0; r < regions; r++)
        {
            var scores = buffer.Slice(r * count, count);
            JoinPhrases(plan, phrases.Slice(r * plan.PhraseCount, plan.PhraseCount), scores);
            RollUp(plan, thresholds, scores, found);
            for (var k = 0; k < count; k++)
                if (!(scores[k] > thresholds[k])) scores[k] = 0;
        }
        return buffer[..(regions * count)];
    }

    /// <summary>What was selected, without boxes of a concept that overlap one of its descendants by more than the IoU threshold: the same thing by a less telling name.</summary>
    public static IEnumerable<RegionConcept> MostSpecial(PhrasePlan plan, ReadOnlySpan<Box> boxes, IReadOnlyList<RegionConcept> selected, double iouThreshold)
    {
        if (plan.BottomUp.Length == 0) return selected;
        var kept = new List<RegionConcept>();
        foreach (var general in selected)
        {
            var hidden = false;
            foreach (var special in selected)
                hidden |= plan.IsAncestor(general.Concept, special.Concept) && boxes[general.Region].IoU(boxes[special.Region]) > iouThreshold;
            if (!hidden) kept.Add(general);
        }
        return kept;
    }

    // One region: [P] → [K].
    private static void JoinPhrases(PhrasePlan plan, ReadOnlySpan<float> phrases, Span<float> scores)
    {
        for (var k = 0; k < scores.Length; k++)
        {
            var score = Highest(phrases, plan.Own[k]);
            scores[k] = Highest(phrases, plan.Negatives[k]) > score ? 0 : score;
        }
    }

    private static float Highest(ReadOnlySpan<float> phrases, int[] which)
    {
        var highest = float.NegativeInfinity;
        foreach (var phrase in which) highest = MathF.Max(highest, phrases[phrase]);
        return highest;
    }

    // One region, [K]: "found" says of a concept that a descendant of it is found.
    private static void RollUp(PhrasePlan plan, float[] thresholds, Span<float> scores, bool[] found)
    {
        foreach (var k in plan.BottomUp) found[k] = false;
        foreach (var k in plan.BottomUp)
        {
            var parent = plan.Parents[k];
            var isFound = found[k] || scores[k] > thresholds[k];
            if (parent >= 0 && isFound) found[parent] = true;
            else if (parent >= 0) scores[parent] = MathF.Max(scores[parent], scores[k]);
            if (found[k]) scores[k] = 0;
        }
    }
}
