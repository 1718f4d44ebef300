namespace Microsoft.ML.DetClip.Training;

/// <summary>What of a network is trained: the less, the less is forgotten.</summary>
public enum FineTuningMode
{
    /// <summary>Everything that <see cref="DetClipTrainer.Options.Freeze"/> and <see cref="DetClipTrainer.Options.TextRateFactor"/> leave free.</summary>
    Full,

    /// <summary>The detection head alone: image and text encoder stay as they are, to the bit.</summary>
    HeadOnly,

    /// <summary>The network stays as it is, to the bit; an offset is learned for the embedding of each label of the data. Scores of other names do not change; see <see cref="EmbeddingDelta"/>.</summary>
    OffsetsOnly,
}
