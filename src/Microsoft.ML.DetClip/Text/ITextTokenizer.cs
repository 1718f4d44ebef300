namespace Microsoft.ML.DetClip;

/// <summary>Turns a sentence into token ids, as the text encoder was trained to read them.</summary>
public interface ITextTokenizer
{
    /// <summary>Number of ids; every id is below it. The last one marks the end of the text, the one before it the start.</summary>
    int VocabularySize { get; }

    /// <summary>Start mark, the text's tokens, end mark; not padded, not cut.</summary>
    IReadOnlyList<int> Encode(string text);

    /// <summary>The text of ids up to the first end mark, as the tokenizer reads it; a start mark says nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id below 0, or not below <see cref="VocabularySize"/>.</exception>
    string Decode(IEnumerable<int> ids);
}
