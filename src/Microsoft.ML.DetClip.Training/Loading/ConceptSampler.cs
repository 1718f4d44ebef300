namespace Microsoft.ML.DetClip.Training;

/// <summary>Chooses what is asked about an image: everything it shows, and random concepts that it does not show. DetCLIPv2, section 3.1.</summary>
/// <param name="vocabulary">All concepts of the data set, each once.</param>
/// <param name="perImage">M: concepts of an image, shown ones included; an image that shows more has as many as it shows.</param>
internal sealed class ConceptSampler(IReadOnlyList<Concept> vocabulary, int perImage)
{
    /// <summary>The concepts of an image, each once: first those it shows, in their order.</summary>
    public IReadOnlyList<Concept> Choose(IReadOnlyList<Concept> shown, Random choices)
    {
        var chosen = new OrderedSet<Concept>(shown);
        if (perImage >= vocabulary.Count)
        {
            chosen.AddRange(vocabulary);
            return chosen.Items;
        }
        // Drawing again after a hit on a chosen concept stays cheap, because most are not chosen; a shuffle serves when most are.
        if (2 * perImage > vocabulary.Count) chosen.AddRange(Shuffled(choices), upTo: perImage);
        else while (chosen.Items.Count < perImage) chosen.Add(vocabulary[choices.Next(vocabulary.Count)]);
        return chosen.Items;
    }

    private Concept[] Shuffled(Random choices)
    {
        var all = vocabulary.ToArray();
        choices.Shuffle(all);
        return all;
    }
}
