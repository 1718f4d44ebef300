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

    /// <summary>Everything but the text encoder, and in place of what it would learn a free vector for each label of the data: the classifier of a closed set. It is what an open vocabulary is measured against.</summary>
    /// <remarks>
    /// The vector is the embedding that the text encoder has for the label and always keeps, in a new network a random one, plus an offset learned at the rate of the head; see <see cref="EmbeddingDelta"/>.
    /// The detector can be asked for other names too, but nobody taught it what they mean.
    /// </remarks>
    ClosedSet,
}
