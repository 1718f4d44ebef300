using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microsoft.ML.DetClip.Cli;

/// <summary><c>detclip check-labels</c>: a vocabulary in, warnings out.</summary>
internal static class CheckLabelsCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The command, writing to the given streams.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var labels = new Option<string>("--labels", "-l")
        {
            Description = "The vocabulary: lines of a name, or of a name, a tab and a definition; or JSON, also categories of COCO and LVIS.",
            HelpName = "file",
            Required = true,
        };
        var model = new Option<string?>("--model", "-m")
        {
            Description = "The detector that will look for it, a model zip or an exported folder: shows also what its tokenizer cuts or shatters, and which names its text encoder hardly tells apart.",
            HelpName = "path",
        };
        var strict = new Option<bool>("--strict") { Description = "Exit code 1 when there are warnings." };
        var json = new Option<bool>("--json") { Description = "Write the warnings as a JSON array." };
        var command = new CliCommand("check-labels",
            "Warn of class names that may lead to bad detections: near-duplicates, names inside of names, words for two things, and with --model cut texts and words in pieces. " +
            "A file with faults, such as a name twice, is refused.")
        {
            labels, model, strict, json,
        };
        command.SetAction(parsed =>
        {
            var vocabulary = Vocabulary.Load(parsed.GetRequiredValue(labels));
            var warnings = parsed.GetValue(model) is { } path ? vocabulary.Check(DetectorModel.Load(path)) : vocabulary.Check();
            if (parsed.GetValue(json)) terminal.Output.WriteLine(JsonSerializer.Serialize(warnings, Json));
            else Write(vocabulary, warnings, terminal);
            return parsed.GetValue(strict) && warnings.Count > 0 ? ExitCode.Failure : ExitCode.Success;
        });
        return command;
    }

    private static void Write(Vocabulary vocabulary, IReadOnlyList<VocabularyWarning> warnings, Terminal terminal)
    {
        foreach (var kind in warnings.GroupBy(w => w.Kind))
        {
            terminal.Output.WriteLine($"{TitleOf(kind.Key)}:");
            foreach (var warning in kind) terminal.Output.WriteLine($"  {warning.Message}");
        }
        terminal.Output.WriteLine($"{Counted(vocabulary.Count, "label")}, {Counted(warnings.Count, "warning")}");
    }

    private static string TitleOf(VocabularyWarningKind kind) => kind switch
    {
        VocabularyWarningKind.NearDuplicate => "Near-duplicates",
        VocabularyWarningKind.Contained => "Names inside of names",
        VocabularyWarningKind.SharedWord => "Words for two things",
        VocabularyWarningKind.Cut => "Cut texts",
        _ => "Words in pieces",
    };

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
