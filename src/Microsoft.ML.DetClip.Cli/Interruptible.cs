namespace Microsoft.ML.DetClip.Cli;

/// <summary>Runs commands that end early when they are asked to.</summary>
internal static class Interruptible
{
    /// <summary>Runs a command on another thread: System.CommandLine listens to Ctrl-C only once it has the command's task.</summary>
    /// <param name="command">Gives the exit code. It heeds the cancellation that it was given.</param>
    public static Task<int> Run(Func<int> command) => Task.Run(command, CancellationToken.None);
}
