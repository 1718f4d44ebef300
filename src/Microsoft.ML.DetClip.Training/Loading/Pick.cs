namespace Microsoft.ML.DetClip.Training;

/// <summary>One sample of a step.</summary>
/// <param name="Epoch">In which epoch it is seen, from 0.</param>
/// <param name="Place">Its place in the epoch, from 0.</param>
/// <param name="Sample">Which sample it is.</param>
internal readonly record struct Pick(long Epoch, int Place, int Sample);
