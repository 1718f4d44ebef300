namespace Microsoft.ML.DetClip;

/// <summary>What goes with the encoding of texts besides the texts.</summary>
/// <param name="Warn">Called with a sentence that a user should read.</param>
internal sealed record EncodingNotes(Action<string> Warn)
{
    /// <summary>Whether to warn of texts that are cut when they are encoded; not needed where someone looks at all texts anyway.</summary>
    public bool TellsCuts { get; init; } = true;

    /// <summary>Folder that remembers embeddings on disk; null for none.</summary>
    public string? CacheFolder { get; init; }
}
