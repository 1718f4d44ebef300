namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>An expression that refers to one object of an image.</summary>
/// <param name="ImageId">Number of the pair of image and expression.</param>
/// <param name="Dataset">"refcoco", "refcoco+" or "refcocog".</param>
/// <param name="Box">The object.</param>
public sealed record ReferringExpression(long ImageId, string Dataset, GroundingBox Box);

/// <summary>What was found of a referring expression. The lists have one entry for each box.</summary>
/// <param name="ImageId">Number of the pair of image and expression.</param>
/// <param name="Boxes">In any order.</param>
/// <param name="Scores">The higher, the surer.</param>
public sealed record ReferringPrediction(long ImageId, IReadOnlyList<GroundingBox> Boxes, IReadOnlyList<double> Scores);
