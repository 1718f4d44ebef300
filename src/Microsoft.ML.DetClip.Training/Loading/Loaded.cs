namespace Microsoft.ML.DetClip.Training;

/// <summary>Something that was made ahead of its use.</summary>
/// <param name="Item">What was made; the caller's to dispose.</param>
/// <param name="WaitSeconds">How long its taker had to wait for it.</param>
internal readonly record struct Loaded<T>(T Item, double WaitSeconds);
