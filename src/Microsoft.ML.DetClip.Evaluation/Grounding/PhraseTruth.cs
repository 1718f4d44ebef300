namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>A phrase of a sentence that boxes show.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Types">Its coarse types, such as "people"; most phrases have one.</param>
/// <param name="Boxes">The boxes that show it, at least one.</param>
public sealed record PhraseTruth(string Text, IReadOnlyList<string> Types, IReadOnlyList<GroundingBox> Boxes);

/// <summary>A sentence about an image, and those of its phrases that boxes show, in their order.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="SentenceId">Which sentence of the image, from 0.</param>
/// <param name="Phrases">At least one.</param>
public sealed record SentenceTruth(string ImageId, int SentenceId, IReadOnlyList<PhraseTruth> Phrases);

/// <summary>What was found of a sentence.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="SentenceId">Which sentence of the image, from 0.</param>
/// <param name="Boxes">For each phrase of <see cref="SentenceTruth.Phrases"/>, boxes from the surest to the least sure; none is a miss.</param>
public sealed record SentencePrediction(string ImageId, int SentenceId, IReadOnlyList<IReadOnlyList<GroundingBox>> Boxes);
