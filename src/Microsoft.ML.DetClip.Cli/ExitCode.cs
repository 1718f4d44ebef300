namespace Microsoft.ML.DetClip.Cli;

/// <summary>What the process returns; part of the command line's contract.</summary>
internal static class ExitCode
{
    /// <summary>The command did what was asked.</summary>
    public const int Success = 0;

    /// <summary>It could not: a file is missing or damaged, a disk is full, a check failed.</summary>
    public const int Failure = 1;

    /// <summary>It was not understood: an unknown command or option, a value out of range.</summary>
    public const int BadUsage = 2;

    /// <summary>It was stopped from outside, by Ctrl+C.</summary>
    public const int Interrupted = 130;
}
