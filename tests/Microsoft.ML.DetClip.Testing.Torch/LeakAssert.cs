using TorchSharp;
using Xunit;

namespace Microsoft.ML.DetClip.Testing;

/// <summary>Counts the tensors that an action leaves behind on this thread.</summary>
public static class LeakAssert
{
    /// <summary>The action is run once to warm up, then again; the second run must leave no more tensors alive than there were before it.</summary>
    public static void NoTensorsLeftBy(Action action)
    {
        action();
        var statistics = DisposeScopeManager.Statistics.TensorStatistics;
        var before = statistics.ThreadTotalLiveCount;
        action();
        Assert.Equal(before, statistics.ThreadTotalLiveCount);
    }
}
