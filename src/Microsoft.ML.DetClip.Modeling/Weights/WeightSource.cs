namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Which tensors of a file make one of our weights.</summary>
/// <param name="Names">Their names; several are joined along the first axis, as q, k and v are.</param>
/// <param name="IsTransposed">Whether rows and columns change places, because a linear layer holds what we hold as a plain matrix.</param>
internal sealed record WeightSource(IReadOnlyList<string> Names, bool IsTransposed = false)
{
    /// <summary>Files have nothing of the kind.</summary>
    public static WeightSource None { get; } = new([]);

    /// <summary>One tensor, as it is.</summary>
    public static implicit operator WeightSource(string name) => new([name]);
}
