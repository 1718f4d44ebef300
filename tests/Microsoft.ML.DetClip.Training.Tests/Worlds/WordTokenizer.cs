namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>One token for each word of a fixed list.</summary>
internal sealed class WordTokenizer(params string[] words) : ITextTokenizer
{
    private readonly Dictionary<string, int> _ids = words.Distinct().Index().ToDictionary(w => w.Item, w => w.Index + 1);

    public int VocabularySize => _ids.Count + 3;

    public IReadOnlyList<int> Encode(string text) =>
        [VocabularySize - 2, .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => _ids[w]), VocabularySize - 1];
}
