namespace Microsoft.ML.DetClip.Tests;

/// <summary>Texts of letters, digits, punctuation, spaces, accents and characters of many scripts, the same for the same seed.</summary>
internal static class RandomText
{
    private static readonly string[] Pieces =
    [
        "a", "B", "the", "dog", "ing", "z", "Q", "0", "7", "'s", "'", ".", ",", "-", "(", "_", " ", " ", " ",
        "\t", "\n", "\u00A0", "é", "Ã", "©", "ß", "Σ", "İ",
        "\u0301", "\u0323", "я", "한", "中", "が", "ﬁ", "Ａ", "😀", "𠮷", "\uD83D",
        "\u0000", "\u009F", "&amp;", "&", ";", "<", "<|", "|>", "“", "…", "\uFFFD",
    ];

    /// <summary>Texts of 0 to 20 pieces.</summary>
    public static IEnumerable<string> Many(int seed, int count)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++) yield return string.Concat(random.GetItems(Pieces, random.Next(21)));
    }

    /// <summary>Captions of a few hundred words, some frequent and most not.</summary>
    public static IEnumerable<string> Captions(int seed, int count)
    {
        var random = new Random(seed);
        string[] syllables = ["ca", "to", "mi", "ra", "lo", "ne", "ing", "er", "s", "dog", "bu", "é"];
        var words = Enumerable.Range(0, 300).Select(_ => string.Concat(random.GetItems(syllables, random.Next(1, 4)))).ToArray();
        for (var i = 0; i < count; i++)
            yield return string.Join(' ', Enumerable.Range(0, 8).Select(_ => words[(int)(300 * Math.Pow(random.NextDouble(), 3))]));
    }
}
