namespace Microsoft.ML.DetClip.Training;

/// <summary>The loss became infinite or not a number, so training stopped before it could spoil the weights.</summary>
public sealed class NonFiniteLossException : Exception
{
    internal NonFiniteLossException(long step, double loss, IReadOnlyList<string> images)
        : base($"The loss of step {step} is {loss}, on the images {string.Join(", ", images)}. Lower the learning rate, lengthen the warm-up, or look at these images.") =>
        (Step, Images) = (step, images);

    /// <summary>The step, 1 for the first.</summary>
    public long Step { get; }

    /// <summary>The images of that step.</summary>
    public IReadOnlyList<string> Images { get; }
}
