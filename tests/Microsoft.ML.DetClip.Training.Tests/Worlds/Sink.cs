namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>Takes progress at once and on the reporter's thread, which <see cref="Progress{T}"/> does not.</summary>
internal sealed class Sink(Action<TrainingProgress> take) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => take(value);
}
