namespace Microsoft.ML.DetClip;

/// <summary>A text as the text encoder takes it: a fixed number of ids, and what did not fit.</summary>
/// <param name="Ids">Start mark, tokens, end mark, then zeros, [T].</param>
/// <param name="Count">How many ids come before the zeros, both marks included; the end mark is at Count − 1.</param>
/// <param name="LostText">The end of the given text that found no room, from the first letter that is not read; empty where everything fits.</param>
public sealed record TokenizedText(IReadOnlyList<int> Ids, int Count, string LostText)
{
    /// <summary>True where the text was too long: a reason to warn, with <see cref="LostText"/>.</summary>
    public bool WasCut => LostText.Length > 0;
}
