namespace Microsoft.ML.DetClip.Training;

/// <summary>Which of several processes this one is; they train one network together, each on its slice of every batch.</summary>
/// <param name="Rank">0 to <paramref name="WorldSize"/> − 1.</param>
/// <param name="WorldSize">Processes in all.</param>
internal sealed record Worker(int Rank, int WorldSize)
{
    /// <summary>The only process of a run.</summary>
    public static Worker Alone { get; } = new(0, 1);
}
