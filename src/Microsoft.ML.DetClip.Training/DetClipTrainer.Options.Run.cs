using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

public sealed partial class DetClipTrainer
{
    /// <content>How the run goes: rates, precision, stopping, checkpoints.</content>
    public sealed partial record Options
    {
        /// <summary>How the learning rate goes on after its warm-up.</summary>
        public RateSchedule Schedule { get; init; } = RateSchedule.Cosine;

        /// <summary>Where <see cref="RateSchedule.Step"/> multiplies the rate, in epochs, rising.</summary>
        public IReadOnlyList<double> Milestones { get; init; } = [];

        /// <summary>What each milestone multiplies the rate by, above 0, at most 1.</summary>
        public double MilestoneFactor { get; init; } = 0.1;

        /// <summary>Validations in a row without a gain in AP after which the rate is multiplied by <see cref="PlateauFactor"/>; 0 never does. DetCLIPv2 fine-tunes on ODinW with 5.</summary>
        public int PlateauPatience { get; init; }

        /// <summary>What a plateau multiplies the rate by, above 0, at most 1.</summary>
        public double PlateauFactor { get; init; } = 0.1;

        /// <summary>Plateaus do not lower the rate below this.</summary>
        public double MinLearningRate { get; init; } = 1e-8;

        /// <summary>Validations in a row without a gain in AP that end the run, which then gives its best weights; 0 never ends it early. DetCLIPv2 fine-tunes on ODinW with 8.</summary>
        public int EarlyStoppingPatience { get; init; }

        /// <summary>Batches whose mean gradient makes one step: the memory of one, nearly the effect of one that is as many times as large.</summary>
        /// <remarks>
        /// It is the same where each batch has as many positive locations. Else a batch's losses are divided by its own positives, not by those of all.
        /// Image-text pairs are contrasted within their batch alone, and <see cref="RegionNorm.Batch"/> sees one batch.
        /// </remarks>
        public int AccumulationSteps { get; init; } = 1;

        /// <summary>Parameters that stay as they are: names or their beginnings, such as "backbone" or "backbone.layers.0"; a star stands for any characters.</summary>
        public IReadOnlyList<string> Freeze { get; init; } = [];

        /// <summary>Number format of the products in training. Validation and the trained detector use float32.</summary>
        public TrainingPrecision Precision { get; init; } = TrainingPrecision.Float32;

        /// <summary>Computes what lies inside transformer blocks and towers once more for their gradients instead of keeping it: less memory, more time, the same result to the bit.</summary>
        public bool RecomputeActivations { get; init; }

        /// <summary>Processor threads of one torch operator during training; 0 leaves the choice to torch, which takes all cores. Small networks are fastest with 1.</summary>
        public int OperatorThreads { get; init; }

        /// <summary>How image-text pairs teach.</summary>
        public WordRegionLossOptions WordRegion { get; init; } = new();

        /// <summary>Folder of the run; null keeps nothing. It gets "last.safetensors", from which a run that was stopped goes on, and "best.safetensors", the best by validation;
        /// a table of all steps ("metrics.csv"), loss curves ("curves.png"), event files for TensorBoard and, in "samples", pictures of what the network finds as it learns.</summary>
        public string? RunFolder { get; init; }

        /// <summary>Goes on where the last run in <see cref="RunFolder"/> stopped, bit for bit as if it had not; false begins anew.</summary>
        public bool Resume { get; init; } = true;

        /// <summary>Steps between checkpoints in <see cref="RunFolder"/>; one is written at the end too.</summary>
        public int StepsPerCheckpoint { get; init; } = 1000;

        private OptionsCheck CheckRun(OptionsCheck check) => check
            .Defined(Schedule)
            .That(Milestones.All(m => m > 0) && Milestones.SequenceEqual(Milestones.Order()), $"[{string.Join(", ", Milestones)}]", "positive numbers of epochs, rising", nameof(Milestones))
            .That(Schedule != RateSchedule.Step || Milestones.Count > 0, "[]", "at least one where Schedule is Step", nameof(Milestones))
            .That(MilestoneFactor is > 0 and <= 1, MilestoneFactor, "above 0, at most 1")
            .AtLeast(0, PlateauPatience).That(PlateauFactor is > 0 and <= 1, PlateauFactor, "above 0, at most 1").AtLeast(0, MinLearningRate)
            .AtLeast(0, EarlyStoppingPatience).AtLeast(1, AccumulationSteps).Between(OperatorThreads, 0, 1024)
            .That(Freeze.All(f => !string.IsNullOrWhiteSpace(f)), "a list with a blank name", "names or patterns of parameters", nameof(Freeze))
            .Defined(Precision).That(RunFolder is null || !string.IsNullOrWhiteSpace(RunFolder), RunFolder, "a path, or null")
            .AtLeast(1, StepsPerCheckpoint).Part(WordRegion.Check())
            .Fault(StartFrom is null && Pairs.Weight > 0 ? ProposalScoreFault() : null);

        // A network that is started from has what it has; it is asked when it is there.
        private string? ProposalScoreFault() => (WordRegion.ProposalScore, Network.Head) switch
        {
            (ProposalScore.Foreground, { Foreground: false }) => "WordRegion.ProposalScore is Foreground, allowed where Network.Head.Foreground is true",
            (ProposalScore.PredictedIoU, { PredictedIoU: false }) => "WordRegion.ProposalScore is PredictedIoU, allowed where Network.Head.PredictedIoU is true",
            _ => null,
        };
    }
}
