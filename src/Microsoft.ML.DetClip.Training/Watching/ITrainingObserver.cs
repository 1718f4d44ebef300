using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Looks at a training run and keeps what it sees; disposed when the run is over, however it ended.</summary>
internal interface ITrainingObserver : IDisposable
{
    /// <summary>Called after each step, on the thread that trains.</summary>
    /// <param name="step">Where the run stands.</param>
    /// <param name="network">The network with its live weights; it must be left in the mode it came in.</param>
    void AfterStep(TrainingProgress step, DetClipNetwork network);

    /// <summary>Called once after the last step, when there is more to say of the run than its steps did.</summary>
    /// <param name="last">The last step, with <see cref="TrainingProgress.Held"/>.</param>
    void AfterRun(TrainingProgress last)
    {
    }
}
