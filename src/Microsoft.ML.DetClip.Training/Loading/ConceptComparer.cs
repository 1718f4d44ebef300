using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Takes concepts for one that the text encoder cannot tell apart: their sentences differ in case and spaces at most.</summary>
internal sealed class ConceptComparer : IEqualityComparer<Concept>
{
    public static ConceptComparer Instance { get; } = new();

    public bool Equals(Concept? x, Concept? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && WordForms.Fold(x.Sentence) == WordForms.Fold(y.Sentence));

    public int GetHashCode([DisallowNull] Concept obj) => WordForms.Fold(obj.Sentence).GetHashCode(StringComparison.Ordinal);

    /// <summary>The concepts, each once, in the order of their first appearance.</summary>
    public static OrderedSet<Concept> Distinct(IEnumerable<Concept> concepts) => new(concepts, Instance);
}
