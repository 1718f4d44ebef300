namespace Microsoft.ML.DetClip.Training;

public sealed partial class DetClipTrainer
{
    /// <content>What a run begins with, and what it shows of itself.</content>
    public sealed partial record Options
    {
        /// <summary>Safetensors files of published weights that a new network begins with instead of random ones: Swin transformers by the names of torchvision, timm, the Swin
        /// authors or Hugging Face, and CLIP's text encoder by those of OpenAI or Hugging Face. What was taken from each goes to <see cref="MLContext.Log"/>.</summary>
        public IReadOnlyList<string> InitialWeights { get; init; } = [];

        /// <summary>Steps between pictures in <see cref="RunFolder"/>; there are some after the last step too.</summary>
        public int StepsPerPicture { get; init; } = 1000;

        /// <summary>Images on which it is shown what the network finds: the first of the validation set, or of the data where there is none. 0 shows none.</summary>
        public int SamplePictures { get; init; } = 4;

        private OptionsCheck CheckWatching(OptionsCheck check) => check
            .That(InitialWeights.All(path => !string.IsNullOrWhiteSpace(path)), "a list with a blank path", "paths of safetensors files", nameof(InitialWeights))
            .That(InitialWeights.Count == 0 || StartFrom is null, "given together with StartFrom", "one of the two", nameof(InitialWeights))
            .AtLeast(1, StepsPerPicture).Between(SamplePictures, 0, 100);
    }
}
