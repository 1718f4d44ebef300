namespace Microsoft.ML.DetClip.Training;

/// <summary>What may be asked about images that do not show it. DetCLIPv2, section 3.1.</summary>
internal sealed class ConceptPools
{
    private readonly IReadOnlyList<Concept> _categories;
    private readonly IReadOnlyList<Concept> _dictionary;

    /// <param name="samples">Samples of all kinds.</param>
    /// <param name="given">Concepts besides those of the data.</param>
    public ConceptPools(IReadOnlyList<TrainingSample> samples, ConceptDictionary given)
    {
        _categories = ConceptComparer.Distinct(samples.Where(s => s.Kind == SampleKind.Detection).SelectMany(s => s.Concepts)).Items;
        // Names alone: were the absent ones defined and the phrases of captions not, a definition would tell that something is absent.
        var names = samples.SelectMany(s => s.Concepts).Concat(given.Concepts).Select(c => c.Definition is null ? c : new Concept(c.Name));
        _dictionary = samples.Any(s => s.Kind == SampleKind.Grounding) ? ConceptComparer.Distinct(names).Items : [];
    }

    /// <summary>What may be asked about images of a kind.</summary>
    /// <remarks>Detection data are labelled with their categories throughout, so what is not labelled is absent. About captioned images the whole dictionary is asked.</remarks>
    public IReadOnlyList<Concept> Of(SampleKind kind) => kind switch
    {
        SampleKind.Detection => _categories,
        SampleKind.Grounding => _dictionary,
        _ => [],
    };
}
