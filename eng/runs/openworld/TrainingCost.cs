using System.Text.Json.Nodes;

namespace OpenWorldRuns;

/// <summary>How many images of each kind a run has learned from.</summary>
internal static class TrainingCost
{
    private static readonly string[] Kinds = ["detection", "grounding", "pairs"];
    private static readonly System.Text.Json.JsonDocumentOptions Lenient = new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip };

    /// <summary>By kind, from the run's table of steps and its recipe.</summary>
    public static Dictionary<string, double> Of(string run)
    {
        var steps = File.ReadLines(Path.Combine(run, "metrics.csv")).Skip(1).Select(line => line.Split(',')[2]).CountBy(kind => kind).ToDictionary();
        var recipe = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "recipe.json")), documentOptions: Lenient)!;
        return Kinds.ToDictionary(kind => kind, kind => steps.GetValueOrDefault(kind) * (recipe[char.ToUpperInvariant(kind[0]) + kind[1..]]?["BatchSize"]?.GetValue<double>() ?? 0));
    }
}
