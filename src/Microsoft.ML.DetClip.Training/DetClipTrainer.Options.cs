using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

public sealed partial class DetClipTrainer
{
    /// <summary>Settings of <see cref="DetClipTrainer"/>. Defaults are the paper's for Swin-T (DetCLIPv2, section 4.1 and table 9), where it states one.</summary>
    public sealed partial record Options
    {
        /// <summary>A small detector for small images that trains in minutes on two processor cores.</summary>
        public static Options Nano { get; } = new()
        {
            Network = DetClipVariants.Nano,
            Detection = new() { BatchSize = 8, SmallestShortSide = 192, ShortSide = 224, LongSide = 320 },
            Grounding = new() { BatchSize = 8, SmallestShortSide = 192, ShortSide = 224, LongSide = 320, ConceptsPerImage = 100 },
            Pairs = new() { BatchSize = 32, SmallestShortSide = 128, ShortSide = 128, LongSide = 128, ConceptsPerImage = 100 },
            LearningRate = 1.2e-3,
            WarmupSteps = 50,
            OperatorThreads = 1,
        };

        /// <summary>Column of the images: paths (text) or the bytes of image files.</summary>
        public string ImageColumnName { get; init; } = "Image";

        /// <summary>Column of the labels, a vector of text: what each box of the image shows, or without boxes, the noun phrases of the caption.</summary>
        public string LabelColumnName { get; init; } = "Labels";

        /// <summary>Column of the boxes, a vector of 4 numbers for each label: x0, y0, x1, y1 in pixels of the upright image.</summary>
        public string BoundingBoxColumnName { get; init; } = "BoundingBoxes";

        /// <summary>Column that marks boxes around crowds, a vector of Boolean as COCO readers give; such boxes are not learned from. It need not be there; null ignores it.</summary>
        public string? CrowdColumnName { get; init; } = "IsCrowd";

        /// <summary>Column of the captions, a text that may be empty. It need not be there; null ignores it.</summary>
        /// <remarks>
        /// An image with boxes and no caption is one for detection, with boxes and a caption one for grounding, with a caption alone a pair;
        /// see <see cref="SampleKind"/>. Where there are captions, columns of labels and boxes need not be there.
        /// </remarks>
        public string? CaptionColumnName { get; init; } = "Caption";

        /// <summary>Column that says what to take an image for, a text: detection, grounding, pairs, or nothing to go by what there is.</summary>
        /// <remarks>It need not be there; null ignores it.</remarks>
        public string? KindColumnName { get; init; } = "Kind";

        /// <summary>What labels mean, for labels that need it; the text encoder reads "label, definition" (concept enrichment, section 3.1).</summary>
        /// <remarks>Phrases of captions are read as they are.</remarks>
        public ConceptDictionary Definitions { get; init; } = ConceptDictionary.Empty;

        /// <summary>Things to ask about captioned images that do not show them, besides all that the data name (the concept dictionary, section 3.1).</summary>
        /// <remarks>Their definitions come before <see cref="Definitions"/>.</remarks>
        public ConceptDictionary Concepts { get; init; } = ConceptDictionary.Empty;

        /// <summary>A checkpoint to go on from, with its sizes and tokenizer (fine-tuning); null begins with random weights.</summary>
        public string? StartFrom { get; init; }

        /// <summary>Turns texts into token ids; null learns one from the labels, with no more ids than <see cref="Network"/> has.</summary>
        public ClipTokenizer? Tokenizer { get; init; }

        /// <summary>Sizes of the network. The number of token ids follows from the tokenizer.</summary>
        public DetClipConfig Network { get; init; } = DetClipVariants.SwinTiny;

        /// <summary>How often each image is seen, times the <see cref="KindOptions.Weight"/> of its kind.</summary>
        public double Epochs { get; init; } = 12;

        /// <summary>Choices about images with boxes and categories. The trained detector looks at images in the size given here.</summary>
        public KindOptions Detection { get; init; } = new();

        /// <summary>Choices about captioned images with a box for each phrase.</summary>
        public KindOptions Grounding { get; init; } = new() { ConceptsPerImage = 100 };

        /// <summary>Choices about captioned images without boxes. The paper's are 320×320 pixels, 6144 in a step over 32 devices.</summary>
        public KindOptions Pairs { get; init; } = new() { BatchSize = 6144, SmallestShortSide = 320, ShortSide = 320, LongSide = 320, ConceptsPerImage = 100 };

        /// <summary>Peak learning rate of the detector. The paper's rule for other batches of detection is 1e-4 · √(batch / 16).</summary>
        public double LearningRate { get; init; } = 2.8e-4;

        /// <summary>Learning rate of the text encoder over <see cref="LearningRate"/>; 0 leaves it as it is.</summary>
        public double TextRateFactor { get; init; } = 0.1;

        /// <summary>Weight decay of AdamW; biases, norms and position tables have none.</summary>
        public double WeightDecay { get; init; } = 0.05;

        /// <summary>Steps in which the learning rate rises to its peak; afterwards it goes as <see cref="Schedule"/> says.</summary>
        public int WarmupSteps { get; init; } = 1000;

        /// <summary>Gradients longer than this are shortened to it; infinity never does. The paper states none.</summary>
        /// <remarks>
        /// It is meant against spikes alone. GLIP's 1 cuts most gradients of boxes and few of pairs, so that pairs weigh more than <see cref="WordRegionLossOptions.Weight"/>
        /// says (what that does: eng/docs/openworld, rows clip-1).
        /// </remarks>
        public double MaxGradientNorm { get; init; } = 10;

        /// <summary>Share of the old average that a step keeps when weights are averaged over the run; 0 keeps the last weights instead.</summary>
        public double AverageDecay { get; init; }

        /// <summary>Weight of the GIoU loss. The paper names its two weights once as 2 and 1, once as 1 and 2; both fit ATSS's own 2 for boxes, 1 for centerness.</summary>
        public double BoxWeight { get; init; } = 2;

        /// <summary>Weight of the centerness loss.</summary>
        public double CenternessWeight { get; init; } = 1;

        /// <summary>Batches being made or waiting or in use at a time; all are held in memory.</summary>
        public int BatchesAhead { get; init; } = 2;

        /// <summary>Images of a batch that are decoded at a time.</summary>
        public int LoadingThreads { get; init; } = Environment.ProcessorCount;

        /// <summary>Share of the images of a kind that may be missing or damaged, 0 to 1.</summary>
        /// <remarks>So many, or ten where that is more, are named in the log and others take their place; one more ends the run. 0 allows none.</remarks>
        public double MaxBrokenShare { get; init; } = 0.01;

        /// <summary>Everything random follows from it: first weights, order of the images, how they are varied.</summary>
        public long Seed { get; init; } = 1;

        /// <summary>Steps between messages in <see cref="MLContext.Log"/>.</summary>
        public int StepsPerMessage { get; init; } = 50;

        /// <summary>Epochs between looks at the validation set, when there is one; it is looked at after the last step too.</summary>
        public double EpochsPerValidation { get; init; } = 1;

        /// <summary>A label with its definition, where there is one.</summary>
        internal Concept Define(string label) => new(label, Concepts.DefinitionOf(label) ?? Definitions.DefinitionOf(label));

        /// <summary>The choices about one kind of data.</summary>
        internal KindOptions Of(SampleKind kind) => kind switch
        {
            SampleKind.Detection => Detection,
            SampleKind.Grounding => Grounding,
            _ => Pairs,
        };

        /// <exception cref="ArgumentException">Names every bad setting at once, with its value and what is allowed.</exception>
        internal Options Checked() => CheckFineTuning(CheckWatching(CheckRun(new OptionsCheck())))
            .NotBlank(ImageColumnName).NotBlank(LabelColumnName).NotBlank(BoundingBoxColumnName)
            .Positive(Epochs).Part(Detection.Check()).Part(Grounding.Check()).Part(Pairs.Check())
            .Positive(LearningRate).Between(TextRateFactor, 0, 1).Between(WeightDecay, 0, 1)
            .AtLeast(0, WarmupSteps).That(MaxGradientNorm > 0, MaxGradientNorm, "a positive number, or infinity")
            .That(AverageDecay is >= 0 and < 1, AverageDecay, "0 to below 1")
            .Between(BoxWeight, 0, 1000).Between(CenternessWeight, 0, 1000)
            .Between(BatchesAhead, 1, 64).Between(LoadingThreads, 1, 1024).Between(MaxBrokenShare, 0, 1)
            .AtLeast(1, StepsPerMessage).Positive(EpochsPerValidation)
            .That(Tokenizer is null || StartFrom is null, "given together with StartFrom", "one of the two", nameof(Tokenizer))
            .That(Network.Text.Vocabulary >= ByteVocabulary || Tokenizer is not null || StartFrom is not null, Network.Text.Vocabulary,
                $"{ByteVocabulary} or more, for 256 bytes that may end a word, and two marks")
            .ThrowIfAny(this);
    }
}
