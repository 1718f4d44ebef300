namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>One token for each word of a fixed list.</summary>
internal sealed class WordTokenizer(params string[] words) : ITextTokenizer
{
    private readonly Dictionary<string, int> _ids = words.Distinct().Index().ToDictionary(w => w.Item, w => w.Index + 1);

    public int VocabularySize => _ids.Count + 3;

    public IReadOnlyList<int> Encode(string text) =>
        [VocabularySize - 2, .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => _ids[w]), VocabularySize - 1];

    public string Decode(IEnumerable<int> ids) =>
        string.Join(' ', ids.TakeWhile(id => id != VocabularySize - 1).Where(id => id != VocabularySize - 2).Select(id => _ids.First(w => w.Value == id).Key));
}
