using TorchSharp;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Processor threads of torch's operators while this lives; afterwards as many as before.</summary>
/// <remarks>Operators of small networks are done sooner than a second thread is awake, and a thread that waits spins on a core that the loader needs.</remarks>
internal sealed class OperatorThreads : IDisposable
{
    private readonly int _before = torch.get_num_threads();

    private OperatorThreads()
    {
    }

    /// <param name="count">How many; 0 changes nothing.</param>
    public static OperatorThreads Use(int count)
    {
        var threads = new OperatorThreads();
        if (count > 0) torch.set_num_threads(count);
        return threads;
    }

    /// <inheritdoc/>
    public void Dispose() => torch.set_num_threads(_before);
}
