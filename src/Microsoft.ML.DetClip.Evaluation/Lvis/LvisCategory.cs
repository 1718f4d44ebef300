namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>A category of LVIS.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name, for tables.</param>
/// <param name="Frequency">The group it is averaged in.</param>
public sealed record LvisCategory(int Id, string Name, LvisFrequency Frequency);
