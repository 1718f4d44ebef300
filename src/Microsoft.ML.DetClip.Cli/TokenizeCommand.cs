using System.CommandLine;

namespace Microsoft.ML.DetClip.Cli;

/// <summary><c>detclip tokenize</c>: texts in, token ids out.</summary>
internal static class TokenizeCommand
{
    private const int ClipLength = 77;

    /// <summary>The command, reading and writing the given streams.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var vocabulary = new Option<string>("--vocabulary", "-v")
        {
            Description = "Byte-pair vocabulary in CLIP's layout, gzip or plain, such as CLIP's own bpe_simple_vocab_16e6.txt.gz or a detector's tokenizer.txt.",
            HelpName = "file",
            Required = true,
        };
        var length = new Option<int>("--length", "-l")
        {
            Description = "Most ids of a text, start and end mark included. A longer text loses its end, as in CLIP's own tokenizer, " +
                "and a warning says what was lost.",
            HelpName = "ids",
            DefaultValueFactory = _ => ClipLength,
        };
        length.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < 2) // what is no number is refused elsewhere
                result.AddError($"--length is {value}; it must be at least 2, for the start and end mark.");
        });
        var command = new CliCommand("tokenize", "Write the token ids of texts. The texts come from standard input, one a line; of each there is one JSON array, a line, without padding.")
        {
            vocabulary,
            length,
        };
        command.SetAction((parsed, cancellation) => Interruptible.Run(() =>
        {
            Run(ClipTokenizer.Load(parsed.GetRequiredValue(vocabulary)), parsed.GetValue(length), terminal, cancellation);
            return ExitCode.Success;
        }));
        return command;
    }

    private static void Run(ClipTokenizer tokenizer, int length, Terminal terminal, CancellationToken cancellation)
    {
        for (var number = 1; terminal.Input.ReadLine() is { } text; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = tokenizer.EncodePadded(text, length);
            terminal.Output.WriteLine($"[{string.Join(',', row.Ids.Take(row.Count))}]");
            if (row.WasCut) terminal.Warn($"line {number} does not fit into {length} ids; lost: \"{row.LostText}\"");
        }
    }
}
