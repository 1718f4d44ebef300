namespace Microsoft.ML.DetClip.Training;

/// <summary>The loss or its gradient became infinite or not a number, so training stopped before it could spoil the weights.</summary>
public sealed class NonFiniteLossException : Exception
{
    internal NonFiniteLossException(long step, SampleKind kind, string part, double value, IReadOnlyList<string> images)
        : base($"The {part} of step {step} is {value}, on {Named(kind)}: {string.Join(", ", images)}. Lower the learning rate, lengthen the warm-up, or look at these images.") =>
        (Step, Kind, Part, Images) = (step, kind, part, images);

    /// <summary>The step, 1 for the first.</summary>
    public long Step { get; }

    /// <summary>The kind of the step's images.</summary>
    public SampleKind Kind { get; }

    /// <summary>What is not finite: "alignment loss", "box loss", "centerness loss", "proposal loss", "pair loss", or "gradient".</summary>
    public string Part { get; }

    /// <summary>The images of that step.</summary>
    public IReadOnlyList<string> Images { get; }

    private static string Named(SampleKind kind) => kind switch
    {
        SampleKind.Detection => "images with categories",
        SampleKind.Grounding => "images with phrases",
        _ => "image-text pairs",
    };
}
