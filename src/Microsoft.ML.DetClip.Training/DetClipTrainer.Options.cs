using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

public sealed partial class DetClipTrainer
{
    /// <summary>Settings of <see cref="DetClipTrainer"/>. Defaults are the paper's for Swin-T (DetCLIPv2, section 4.1 and table 9), where it states one.</summary>
    public sealed record Options
    {
        /// <summary>A small detector for small images that trains in minutes on two processor cores.</summary>
        public static Options Nano { get; } = new()
        {
            Network = DetClipVariants.Nano,
            BatchSize = 8,
            LearningRate = 1e-3,
            TextRateFactor = 1,
            WarmupSteps = 50,
            SmallestShortSide = 192,
            ShortSide = 224,
            LongSide = 320,
        };

        /// <summary>Column of the images: paths (text) or the bytes of image files.</summary>
        public string ImageColumnName { get; init; } = "Image";

        /// <summary>Column of the labels, a vector of text: what each box of the image shows.</summary>
        public string LabelColumnName { get; init; } = "Labels";

        /// <summary>Column of the boxes, a vector of 4 numbers for each label: x0, y0, x1, y1 in pixels of the upright image.</summary>
        public string BoundingBoxColumnName { get; init; } = "BoundingBoxes";

        /// <summary>Column that marks boxes around crowds, a vector of Boolean as COCO readers give; such boxes are not learned from. It need not be there; null ignores it.</summary>
        public string? CrowdColumnName { get; init; } = "IsCrowd";

        /// <summary>What each label means, for labels that need it; the text encoder reads "label, definition" (concept enrichment, section 3.1).</summary>
        public IReadOnlyDictionary<string, string> Definitions { get; init; } = new Dictionary<string, string>();

        /// <summary>A checkpoint to go on from, with its sizes and tokenizer (fine-tuning); null begins with random weights.</summary>
        public string? StartFrom { get; init; }

        /// <summary>Turns texts into token ids; null learns one from the labels, with no more ids than <see cref="Network"/> has.</summary>
        public ClipTokenizer? Tokenizer { get; init; }

        /// <summary>Sizes of the network. The number of token ids follows from the tokenizer.</summary>
        public DetClipConfig Network { get; init; } = DetClipVariants.SwinTiny;

        /// <summary>How often each image is seen.</summary>
        public double Epochs { get; init; } = 12;

        /// <summary>Images of a step, all held at once. The paper's 128 are spread over 32 devices.</summary>
        public int BatchSize { get; init; } = 128;

        /// <summary>Peak learning rate of the detector. The paper's rule for other batch sizes is 1e-4 · √(batch / 16).</summary>
        public double LearningRate { get; init; } = 2.8e-4;

        /// <summary>Learning rate of the text encoder over <see cref="LearningRate"/>; 0 leaves it as it is.</summary>
        public double TextRateFactor { get; init; } = 0.1;

        /// <summary>Weight decay of AdamW; biases, norms and position tables have none.</summary>
        public double WeightDecay { get; init; } = 0.05;

        /// <summary>Steps in which the learning rate rises to its peak; afterwards it falls as a cosine to 0.</summary>
        public int WarmupSteps { get; init; } = 1000;

        /// <summary>Gradients longer than this are shortened to it; infinity never does. The paper states none; 1 is GLIP's.</summary>
        public double MaxGradientNorm { get; init; } = 1;

        /// <summary>Share of the old average that a step keeps when weights are averaged over the run; 0 keeps the last weights instead.</summary>
        public double AverageDecay { get; init; }

        /// <summary>M: concepts asked about an image, those it shows included.</summary>
        public int ConceptsPerImage { get; init; } = 150;

        /// <summary>Weight of the GIoU loss. The paper names its two weights once as 2 and 1, once as 1 and 2; both fit ATSS's own 2 for boxes, 1 for centerness.</summary>
        public double BoxWeight { get; init; } = 2;

        /// <summary>Weight of the centerness loss.</summary>
        public double CenternessWeight { get; init; } = 1;

        /// <summary>Least length of an image's short side, drawn anew each time, in pixels. GLIP's range is 480 to 800.</summary>
        public int SmallestShortSide { get; init; } = 480;

        /// <summary>Greatest length of an image's short side, in pixels; also the size at which the trained detector looks at images.</summary>
        public int ShortSide { get; init; } = 800;

        /// <summary>The long side never passes this, in pixels.</summary>
        public int LongSide { get; init; } = 1333;

        /// <summary>How often left and right are swapped, 0 to 1.</summary>
        public double FlipProbability { get; init; } = 0.5;

        /// <summary>Batches made ahead of the step that needs them, each on a thread of its own; all are held in memory.</summary>
        public int BatchesAhead { get; init; } = 2;

        /// <summary>Everything random follows from it: first weights, order of the images, how they are varied.</summary>
        public long Seed { get; init; } = 1;

        /// <summary>A checkpoint is written here at the end, and every <see cref="StepsPerCheckpoint"/> steps; null writes none.</summary>
        public string? CheckpointPath { get; init; }

        /// <summary>Steps between checkpoints.</summary>
        public int StepsPerCheckpoint { get; init; } = 1000;

        /// <summary>Steps between messages in <see cref="MLContext.Log"/>.</summary>
        public int StepsPerMessage { get; init; } = 50;

        /// <summary>Epochs between looks at the validation set, when there is one; it is looked at after the last step too.</summary>
        public double EpochsPerValidation { get; init; } = 1;

        /// <exception cref="ArgumentException">Names every bad setting at once, with its value and what is allowed.</exception>
        internal Options Checked() => new OptionsCheck()
            .NotBlank(ImageColumnName).NotBlank(LabelColumnName).NotBlank(BoundingBoxColumnName)
            .Positive(Epochs).AtLeast(1, BatchSize).Positive(LearningRate).Between(TextRateFactor, 0, 1).Between(WeightDecay, 0, 1)
            .AtLeast(0, WarmupSteps).That(MaxGradientNorm > 0, MaxGradientNorm, "a positive number, or infinity")
            .That(AverageDecay is >= 0 and < 1, AverageDecay, "0 to below 1")
            .AtLeast(1, ConceptsPerImage).Between(BoxWeight, 0, 1000).Between(CenternessWeight, 0, 1000)
            .AtLeast(1, SmallestShortSide)
            .That(ShortSide >= SmallestShortSide, ShortSide, $"SmallestShortSide ({SmallestShortSide}) or more")
            .That(LongSide >= ShortSide, LongSide, $"ShortSide ({ShortSide}) or more")
            .Between(FlipProbability, 0, 1).Between(BatchesAhead, 1, 64).AtLeast(1, StepsPerCheckpoint).AtLeast(1, StepsPerMessage).Positive(EpochsPerValidation)
            .That(Tokenizer is null || StartFrom is null, "given together with StartFrom", "one of the two", nameof(Tokenizer))
            .That(Network.Text.Vocabulary >= ByteVocabulary || Tokenizer is not null || StartFrom is not null, Network.Text.Vocabulary,
                $"{ByteVocabulary} or more, for 256 bytes that may end a word, and two marks")
            .ThrowIfAny(this);
    }
}
