using System.Globalization;
using Microsoft.ML.DetClip.Evaluation;

namespace OpenWorldRuns;

/// <summary>Looks for all concepts of the world in all images of its evaluation, and adds a line to the results.</summary>
internal static class Measurement
{
    private const int DetectionsPerImage = 1000;

    public static void Run(Arguments arguments)
    {
        var world = new WorldFiles(arguments["world"]);
        var concepts = world.Concepts();
        var detections = Detect(arguments, world, concepts);
        var known = LvisEvaluator.Evaluate(LvisFiles.ReadGroundTruth(world.Evaluation), detections, LvisEvaluatorOptions.FixedAP);
        var unseen = LvisEvaluator.Evaluate(LvisFiles.ReadGroundTruth(world.Composable), detections, LvisEvaluatorOptions.FixedAP);
        var cost = TrainingCost.Of(arguments["run"]);
        var result = new ResultRow(arguments["row"], int.Parse(arguments["seed"], CultureInfo.InvariantCulture), new Dictionary<string, double>
        {
            ["AP"] = known.AP, ["APr"] = known.APRare, ["APc"] = known.APCommon, ["APf"] = known.APFrequent, ["AP composable"] = unseen.AP,
            ["AP50"] = known.AP50, ["AR"] = known.AR,
            ["APr invented"] = Mean(known, concepts, "Rare", isInvented: true), ["APr composed"] = Mean(known, concepts, "Rare", isInvented: false),
            ["AP composable invented"] = Mean(unseen, concepts, "Composable", isInvented: true), ["AP composable composed"] = Mean(unseen, concepts, "Composable", isInvented: false),
            ["detection images"] = cost["detection"], ["grounding images"] = cost["grounding"], ["pair images"] = cost["pairs"],
            ["cpu seconds"] = arguments.Number("cpu") ?? double.NaN, ["wall seconds"] = arguments.Number("wall") ?? double.NaN, ["peak MiB"] = arguments.Number("memory") ?? double.NaN,
        });
        ResultRow.Append(arguments["csv"], result);
        Console.WriteLine(result);
    }

    private static List<DetectionResult> Detect(Arguments arguments, WorldFiles world, IReadOnlyList<WorldConceptRecord> concepts)
    {
        var asked = concepts.ToDictionary(c => c.Ask(arguments.Get("ask", "definition")), c => c.Id);
        var ids = asked.ToDictionary(pair => pair.Key.Name, pair => pair.Value);
        var images = world.Images().ToArray();
        var found = AskedDetector.Find(arguments, asked.Keys, images, options => options with { ScoreThreshold = 0, MaxDetections = DetectionsPerImage });
        return [.. images.Zip(found).SelectMany(pair => pair.Second.Select(d => DetectionResult.FromBox(pair.First.ImageId, ids[d.Label], d.Box, d.Score)))];
    }

    private static double Mean(LvisMetrics metrics, IReadOnlyList<WorldConceptRecord> concepts, string group, bool isInvented)
    {
        var wanted = concepts.Where(c => c.Group == group && c.IsInvented == isInvented).Select(c => c.Id).ToHashSet();
        return metrics.Categories.Where(c => wanted.Contains(c.CategoryId) && c.AP >= 0).Select(c => c.AP).DefaultIfEmpty(double.NaN).Average();
    }
}
