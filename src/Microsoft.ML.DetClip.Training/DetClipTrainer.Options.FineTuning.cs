namespace Microsoft.ML.DetClip.Training;

public sealed partial class DetClipTrainer
{
    /// <content>How a trained detector learns more without forgetting.</content>
    public sealed partial record Options
    {
        /// <summary>What is trained. <see cref="FineTuningMode.OffsetsOnly"/> needs a trained network, in <see cref="StartFrom"/>.</summary>
        public FineTuningMode Mode { get; init; }

        /// <summary>Share of the steps that learn from <see cref="TrainingData.Replay"/> where there is such data, 0 to below 1.</summary>
        /// <remarks>Those steps come on top: a run of n steps on new data has n / (1 − share). Each batch is of new data or of old data alone, and asks for the names of its own data:
        /// what is not boxed in one may be there all the same, under names that only the other knows.</remarks>
        public double ReplayShare { get; init; } = 0.25;

        private OptionsCheck CheckFineTuning(OptionsCheck check) => check
            .Defined(Mode).That(ReplayShare is >= 0 and < 1, ReplayShare, "0 to below 1")
            .That(Mode != FineTuningMode.OffsetsOnly || StartFrom is not null, StartFrom, "a checkpoint where Mode is OffsetsOnly")
            .That(!EmbeddingOffsets.AreLearned(Mode) || AverageDecay == 0, AverageDecay, $"0 where Mode is {Mode}")
            .That(!EmbeddingOffsets.AreLearned(Mode) || EarlyStoppingPatience == 0, EarlyStoppingPatience, $"0 where Mode is {Mode}");
    }
}
