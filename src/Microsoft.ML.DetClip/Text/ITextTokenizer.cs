namespace Microsoft.ML.DetClip;

/// <summary>Turns a sentence into token ids, as the text encoder was trained to read them.</summary>
public interface ITextTokenizer
{
    /// <summary>Number of ids; every id is below it. The last one marks the end of the text, the one before it the start.</summary>
    int VocabularySize { get; }

    /// <summary>Start mark, the text's tokens, end mark; not padded, not cut.</summary>
    IReadOnlyList<int> Encode(string text);
}
