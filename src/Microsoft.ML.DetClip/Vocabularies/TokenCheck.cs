namespace Microsoft.ML.DetClip;

/// <summary>What the tokenizer does to a vocabulary: texts it cuts, words it shatters.</summary>
internal static class TokenCheck
{
    private const int Marks = 2; // around every text
    private const int BytesAlone = 2 * 256 + Marks; // a vocabulary without merges, to which every word is letters
    private const int ManyPieces = 4;
    private const double FewLetters = 3; // in a piece, on average

    /// <summary>Texts of more than a number of tokens, both marks included; found as they are asked for.</summary>
    public static IEnumerable<VocabularyWarning> Cut(IReadOnlyList<Concept> concepts, ITextTokenizer tokenizer, int length) =>
        from concept in concepts
        from sentence in concept.Sentences.Distinct()
        let tokens = tokenizer.EncodePadded(sentence, length)
        where tokens.WasCut
        select new VocabularyWarning(VocabularyWarningKind.Cut, concept.Name, null, TextEncoder.DescribeCut(sentence, tokens, length));

    /// <summary>Words in many small pieces; found as they are asked for.</summary>
    public static IEnumerable<VocabularyWarning> Shattered(IReadOnlyList<Concept> concepts, ITextTokenizer tokenizer)
    {
        if (tokenizer.VocabularySize <= BytesAlone) yield break;
        var pieces = new Dictionary<string, int>(); // of each word
        foreach (var concept in concepts)
            foreach (var word in concept.Synonyms.Prepend(concept.Name).SelectMany(WordsOf).Distinct())
            {
                if (!pieces.TryGetValue(word, out var count)) pieces[word] = count = tokenizer.Encode(word).Count - Marks;
                if (count >= ManyPieces && word.Length < FewLetters * count)
                    yield return new(VocabularyWarningKind.Shattered, concept.Name, null, $"'{word}' is {count} pieces to the tokenizer, which hardly knows it: use a more common word, or add a definition.");
            }
    }

    // Without brackets and other marks around them, which are pieces of their own.
    private static IEnumerable<string> WordsOf(string phrase) => WordForms.Fold(phrase).Split(' ').Select(WithoutMarks).Where(word => word.Length > 0);

    private static string WithoutMarks(string word)
    {
        var (start, end) = (0, word.Length);
        while (start < end && !char.IsLetterOrDigit(word[start])) start++;
        while (end > start && !char.IsLetterOrDigit(word[end - 1])) end--;
        return word[start..end];
    }
}
