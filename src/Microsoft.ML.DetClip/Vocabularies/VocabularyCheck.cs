namespace Microsoft.ML.DetClip;

/// <summary>What spelling says about the names of a vocabulary. The time grows with the letters in it, not with the pairs of names.</summary>
internal static class VocabularyCheck
{
    private const int MinComparedLength = 7; // "horse" and "house" are no slip of the pen

    /// <summary>Near-duplicates, then contained names, then shared words.</summary>
    /// <param name="concepts">K concepts without faults.</param>
    /// <param name="comparesLetters">Whether names that differ in one letter are near-duplicates; where embeddings are at hand, they know better.</param>
    public static IEnumerable<VocabularyWarning> Spelling(IReadOnlyList<Concept> concepts, bool comparesLetters)
    {
        Spelled[] names = [.. concepts.Select(concept => new Spelled(concept))];
        var same = SameForms(names).Concat(comparesLetters ? OneLetter(names) : []);
        return [.. same.DistinctBy(w => (w.Name, w.Other)), .. Contained(names), .. SharedWords(concepts)];
    }

    private static IEnumerable<VocabularyWarning> SameForms(Spelled[] names)
    {
        var known = new Dictionary<string, Spelled>();
        foreach (var name in names)
        {
            var twin = name.Forms.Select(form => known.GetValueOrDefault(form)).FirstOrDefault(other => other is not null);
            if (twin is not null) yield return Near(twin, name, "differ in their number or in marks between words only");
            foreach (var form in name.Forms) known.TryAdd(form, name);
        }
    }

    // Two words one letter apart (more, less, another, or two swapped) become one when the right letter is left out of each; so only such pairs are compared.
    private static IEnumerable<VocabularyWarning> OneLetter(Spelled[] names)
    {
        var known = new Dictionary<string, List<Spelled>>();
        foreach (var name in names.Where(n => n.Letters.Length >= MinComparedLength))
        {
            var shortened = Enumerable.Range(0, name.Letters.Length).Select(i => name.Letters.Remove(i, 1)).Append(name.Letters).Distinct().ToArray();
            var near = shortened.SelectMany(s => known.GetValueOrDefault(s) ?? []).Distinct().FirstOrDefault(other => IsOneStep(other.Letters, name.Letters));
            if (near is not null) yield return Near(near, name, "differ in one letter");
            foreach (var form in shortened)
                if (!known.TryAdd(form, [name])) known[form].Add(name);
        }
    }

    private static bool IsOneStep(string a, string b)
    {
        var start = 0;
        while (start < Math.Min(a.Length, b.Length) && a[start] == b[start]) start++;
        var (restA, restB) = (a[start..], b[start..]);
        return restA.Length == restB.Length
            ? restA.Length > 0 && (restA[1..] == restB[1..] || restA.Length > 1 && restA[0] == restB[1] && restA[1] == restB[0] && restA[2..] == restB[2..])
            : restA.Length + 1 == restB.Length ? restA == restB[1..] : restB.Length + 1 == restA.Length && restB == restA[1..];
    }

    private static VocabularyWarning Near(Spelled a, Spelled b, string how) => new(VocabularyWarningKind.NearDuplicate, a.Concept.Name, b.Concept.Name,
        $"'{a.Concept.Name}' and '{b.Concept.Name}' {how}: make one a synonym of the other, or tell them apart by definitions.");

    private static IEnumerable<VocabularyWarning> Contained(Spelled[] names)
    {
        var known = new Dictionary<string, Spelled>();
        foreach (var name in names) known.TryAdd(string.Join(' ', name.Words), name);
        foreach (var whole in names)
            foreach (var part in PartsOf(whole.Words).Select(part => known.GetValueOrDefault(part)).OfType<Spelled>().Distinct())
                if (!KnowEachOther(part.Concept, whole.Concept))
                    yield return new(VocabularyWarningKind.Contained, part.Concept.Name, whole.Concept.Name,
                        $"'{part.Concept.Name}' is a part of '{whole.Concept.Name}', which may be found as either: give '{part.Concept.Name}' the negative '{whole.Concept.Name}', " +
                        $"or '{whole.Concept.Name}' the parent '{part.Concept.Name}'.");
    }

    private static IEnumerable<string> PartsOf(string[] words) =>
        from length in Enumerable.Range(1, words.Length - 1)
        from start in Enumerable.Range(0, words.Length - length + 1)
        select string.Join(' ', words, start, length);

    // Who says how they are related need not be told.
    private static bool KnowEachOther(Concept part, Concept whole) =>
        part.Negatives.Any(n => WordForms.Fold(n) == WordForms.Fold(whole.Name)) || (whole.Parent is { } parent && WordForms.Fold(parent) == WordForms.Fold(part.Name));

    private static IEnumerable<VocabularyWarning> SharedWords(IReadOnlyList<Concept> concepts)
    {
        var known = concepts.ToDictionary(c => WordForms.Fold(c.Name));
        foreach (var concept in concepts)
            foreach (var word in concept.Synonyms.Concat(concept.Aliases.Values.SelectMany(a => a)))
                if (!known.TryAdd(WordForms.Fold(word), concept) && known[WordForms.Fold(word)] is var other && other != concept)
                    yield return new(VocabularyWarningKind.SharedWord, other.Name, concept.Name,
                        $"'{word}' stands for '{other.Name}' and for '{concept.Name}': who asks for it gets the first of them.");
    }

    /// <summary>A name as it is compared.</summary>
    private sealed class Spelled
    {
        public Spelled(Concept concept)
        {
            Concept = concept;
            Words = [.. WordForms.Fold(concept.Name).Split(' ')];
            Letters = LettersOf(WordForms.Fold(concept.Name));
            Forms = [.. WordForms.Singulars(WordForms.Fold(concept.Name)).Select(LettersOf).Where(f => f.Length > 0).Distinct()];
        }

        public Concept Concept { get; }

        public string[] Words { get; }

        /// <summary>Letters and digits alone: "t-shirt" and "T shirt" are one.</summary>
        public string Letters { get; }

        /// <summary>The same of what may be its singular.</summary>
        public string[] Forms { get; }

        private static string LettersOf(string text) => string.Concat(text.Where(char.IsLetterOrDigit));
    }
}
