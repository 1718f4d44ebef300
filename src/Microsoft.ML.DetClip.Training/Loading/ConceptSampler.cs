namespace Microsoft.ML.DetClip.Training;

/// <summary>Chooses what is asked about an image: everything it shows, and random concepts that it does not show. DetCLIPv2, section 3.1.</summary>
/// <param name="pool">What may be asked, each once.</param>
/// <param name="perImage">M: concepts of an image, shown ones included; an image that shows more has as many as it shows.</param>
internal sealed class ConceptSampler(IReadOnlyList<Concept> pool, int perImage)
{
    /// <summary>The concepts of an image, each once: first those it shows, in their order.</summary>
    /// <param name="shown">What the image shows.</param>
    /// <param name="choices">What is random follows from it.</param>
    /// <param name="isAbsent">Whether a concept that is not shown is surely absent; null takes all for absent.</param>
    public IReadOnlyList<Concept> Choose(IReadOnlyList<Concept> shown, Random choices, Func<Concept, bool>? isAbsent = null)
    {
        var chosen = ConceptComparer.Distinct(shown);
        if (chosen.Items.Count < perImage)
            chosen.AddRange(InRandomOrder(choices).Where(concept => isAbsent?.Invoke(concept) ?? true), upTo: perImage);
        return chosen.Items;
    }

    // Fisher and Yates's shuffle, which moves only what is asked for: the pool may hold millions.
    private IEnumerable<Concept> InRandomOrder(Random choices)
    {
        var moved = new Dictionary<int, int>();
        for (var i = 0; i < pool.Count; i++)
        {
            var other = choices.Next(i, pool.Count);
            yield return pool[moved.GetValueOrDefault(other, other)];
            moved[other] = moved.GetValueOrDefault(i, i);
        }
    }
}
