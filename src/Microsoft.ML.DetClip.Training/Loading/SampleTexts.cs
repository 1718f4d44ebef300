namespace Microsoft.ML.DetClip.Training;

/// <summary>The texts of a data set.</summary>
internal static class SampleTexts
{
    /// <summary>What a detector looks for that was trained on these samples: the categories; where there are none, the phrases of captions, those with boxes first.</summary>
    /// <exception cref="InvalidDataException">There are none, or the detector would refuse them.</exception>
    public static IReadOnlyList<Concept> Labels(IReadOnlyList<TrainingSample> samples)
    {
        foreach (var kind in Enum.GetValues<SampleKind>())
        {
            var concepts = samples.Where(s => s.Kind == kind).SelectMany(s => s.Concepts);
            var labels = (kind == SampleKind.Detection ? new OrderedSet<Concept>(concepts) : ConceptComparer.Distinct(concepts)).Items;
            if (VocabularyFaults.Of(labels, "The data") is { } fault)
                throw new InvalidDataException($"{fault}. Labels that differ in case or spaces only are one to the text encoder.");
            if (labels.Count > 0) return labels;
        }
        throw new InvalidDataException("No image has a labelled box or a caption with phrases; there is nothing to learn from.");
    }

    /// <summary>Everything that the text encoder may read: the labels, then captions and their phrases.</summary>
    public static IEnumerable<string> All(IReadOnlyList<TrainingSample> samples, IReadOnlyList<Concept> labels) => labels.Select(l => l.Sentence)
        .Concat(samples.Where(s => s.Caption is not null).SelectMany(s => s.Concepts.Select(c => c.Name).Prepend(s.Caption!)));
}
