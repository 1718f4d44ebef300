using Microsoft.ML.DetClip.Cli;

return await CommandLine.RunAsync(args, Terminal.OfProcess());
