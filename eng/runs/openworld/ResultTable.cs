using System.Globalization;
using System.Text;

namespace OpenWorldRuns;

/// <summary>Writes a question's table in Markdown.</summary>
internal sealed class ResultTable(IReadOnlyList<ResultRow> results)
{
    private static readonly string[] Shown = ["AP", "APr", "APc", "APf", "AP composable"];

    /// <summary>The table, with a line for each row that was measured and a note of those that were not.</summary>
    public string Of(Question question)
    {
        var text = new StringBuilder($"| row | {string.Join(" | ", Shown)} | seeds | images (d/g/p) | {(question.IsOnGpu ? "minutes" : "CPU minutes")} | paper's AP (r/c/f) | sign |\n|---|{string.Concat(Shown.Select(_ => "---|"))}---|---|---|---|---|\n");
        QuestionRow? before = null;
        foreach (var row in question.Rows.Where(row => Seeds(row.Name).Length > 0))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Name} | {string.Join(" | ", Shown.Select(name => Estimate(row.Name, name)))} | {Seeds(row.Name).Length} | {Images(row.Name)} | {Minutes(row.Name, question.IsOnGpu ? "wall seconds" : "cpu seconds")} | {row.Paper} | {Sign(question, row, before)} |");
            before = row;
        }
        var missing = question.Rows.Where(row => Seeds(row.Name).Length == 0).Select(row => row.Name).ToArray();
        if (missing.Length > 0) text.AppendLine(CultureInfo.InvariantCulture, $"\nNot measured yet: {string.Join(", ", missing)}.");
        return text.ToString();
    }

    /// <summary>A number over the seeds of a row; AP in percent.</summary>
    public Estimate Estimate(string row, string name) => OpenWorldRuns.Estimate.Of(Seeds(row).Select(r => r.Values.GetValueOrDefault(name, double.NaN) * (name.StartsWith('A') ? 100 : 1)));

    /// <summary>A number over another, of a row less a base row of the same seed.</summary>
    public Estimate Per(string what, string over, string row, string? without) => OpenWorldRuns.Estimate.Of(
        from one in Seeds(row)
        let other = without is null ? null : Seeds(without).FirstOrDefault(r => r.Seed == one.Seed)
        where without is null || other is not null
        select (one.Values.GetValueOrDefault(what, double.NaN) - (other?.Values.GetValueOrDefault(what, double.NaN) ?? 0)) / one.Values.GetValueOrDefault(over, double.NaN));

    private ResultRow[] Seeds(string row) => [.. results.Where(r => r.Row == row)];

    private string Images(string row) => string.Join('/', new[] { "detection images", "grounding images", "pair images" }
        .Select(name => (Seeds(row)[0].Values.GetValueOrDefault(name) / 1000).ToString("0.#", CultureInfo.InvariantCulture) + "k"));

    private string Minutes(string row, string seconds) => Estimate(row, seconds) is { Count: > 0 } time ? (time.Mean / 60).ToString("F1", CultureInfo.InvariantCulture) : "–";

    // Whether AP goes the paper's way from the row it is compared with, over the seeds of both: a seed gives both the same first weights and the same order of images.
    private string Sign(Question question, QuestionRow row, QuestionRow? before)
    {
        var reference = question.Reference is null ? before : question.Rows.First(r => r.Name == question.Reference);
        if (reference is null || reference == row || row.PaperAP - reference.PaperAP is not { } paper) return "";
        var difference = Difference(row.Name, reference.Name);
        if (difference.Count == 0) return "";
        var verdict = Math.Sign(difference.Mean) == Math.Sign(paper) ? "agrees" : "**differs**";
        var certainty = difference.Count < 2 ? ", one seed" : Math.Abs(difference.Mean) < 2 * difference.Error ? ", within noise" : "";
        return $"{Signed(difference.Mean)} ({Signed(paper)} in the paper): {verdict}{certainty}";
    }

    // Rounded first: a negative number that rounds to 0 would get both signs.
    private static string Signed(double difference) => Math.Round(difference, 1).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);

    private Estimate Difference(string row, string reference) => OpenWorldRuns.Estimate.Of(
        Seeds(row).Join(Seeds(reference), one => one.Seed, other => other.Seed, (one, other) => 100 * (one.Values["AP"] - other.Values["AP"])));
}
