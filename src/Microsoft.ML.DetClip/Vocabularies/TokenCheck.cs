namespace Microsoft.ML.DetClip;

/// <summary>What the tokenizer does to a vocabulary: texts it cuts, words it shatters.</summary>
internal static class TokenCheck
{
    private const int Marks = 2; // around every text
    private const int BytesAlone = 2 * 256 + Marks; // a vocabulary without merges, to which every word is letters
    private const int ManyPieces = 4;
    private const double FewLetters = 3; // in a piece, on average

    /// <summary>Cut texts, then shattered words.</summary>
    public static IEnumerable<VocabularyWarning> Find(IReadOnlyList<Concept> concepts, ITextTokenizer tokenizer, int length) =>
        [.. concepts.SelectMany(concept => Cut(concept, tokenizer, length)), .. tokenizer.VocabularySize > BytesAlone ? Shattered(concepts, tokenizer) : []];

    private static IEnumerable<VocabularyWarning> Cut(Concept concept, ITextTokenizer tokenizer, int length) =>
        from sentence in concept.Sentences.Distinct()
        let tokens = tokenizer.EncodePadded(sentence, length)
        where tokens.WasCut
        select new VocabularyWarning(VocabularyWarningKind.Cut, concept.Name, null, TextEncoder.DescribeCut(sentence, tokens, length));

    private static IEnumerable<VocabularyWarning> Shattered(IReadOnlyList<Concept> concepts, ITextTokenizer tokenizer)
    {
        var pieces = new Dictionary<string, int>(); // of each word
        foreach (var concept in concepts)
            foreach (var word in concept.Synonyms.Prepend(concept.Name).SelectMany(p => WordForms.Fold(p).Split(' ')).Distinct())
            {
                if (!pieces.TryGetValue(word, out var count)) pieces[word] = count = tokenizer.Encode(word).Count - Marks;
                if (count >= ManyPieces && word.Length < FewLetters * count)
                    yield return new(VocabularyWarningKind.Shattered, concept.Name, null, $"'{word}' is {count} pieces to the tokenizer, which hardly knows it: use a more common word, or add a definition.");
            }
    }
}
