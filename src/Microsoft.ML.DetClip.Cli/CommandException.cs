namespace Microsoft.ML.DetClip.Cli;

/// <summary>A command cannot go on, for a reason its user can mend.</summary>
/// <param name="problem">What is wrong, where: a sentence.</param>
/// <param name="hint">What to do about it: a sentence.</param>
internal sealed class CommandException(string problem, string hint) : Exception($"{problem} {hint}");
