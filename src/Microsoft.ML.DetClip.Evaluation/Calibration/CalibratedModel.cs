namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>A calibrated model and how good it is.</summary>
/// <param name="Model">The model with a temperature and thresholds; saved, it keeps them. It shares the network of the one it was made of, and is disposed on its own.</param>
/// <param name="Report">What was fitted, and what it changes.</param>
public sealed record CalibratedModel(ITransformer Model, CalibrationReport Report);
