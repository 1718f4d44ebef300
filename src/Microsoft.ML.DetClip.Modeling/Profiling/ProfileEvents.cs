using System.Text.Json;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Reads what ONNX Runtime writes when profiling is on: a JSON list of events, times in microseconds.</summary>
internal static class ProfileEvents
{
    private const string KernelSuffix = "_kernel_time";

    /// <summary>The time of a whole run and those of its nodes: means over the faster half of the runs, so that nodes and what lies between them add up.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="skip">Runs at the beginning that do not count.</param>
    /// <param name="isOnGpu">Whether the graph ran on a GPU: the kind of nodes that did not is followed by "(CPU)".</param>
    public static (double Milliseconds, IReadOnlyList<NodeTime> Nodes) Read(ReadOnlyMemory<byte> json, int skip, bool isOnGpu = false)
    {
        using var document = JsonDocument.Parse(json);
        var events = document.RootElement.EnumerateArray().ToArray();
        double[] runs = [.. events.Where(e => Text(e, "name") == "model_run").Select(Duration)];
        int[] counted = [.. Enumerable.Range(0, runs.Length).Skip(skip).OrderBy(run => runs[run]).Take((runs.Length - skip + 1) / 2)];
        var nodes = events.Where(e => Text(e, "cat") == "Node" && Text(e, "name").EndsWith(KernelSuffix, StringComparison.Ordinal)).GroupBy(e => Text(e, "name"));
        return (counted.Average(run => runs[run]), [.. nodes.Select(node => Node(node.Key[..^KernelSuffix.Length], [.. node], counted, isOnGpu))]);
    }

    private static NodeTime Node(string name, JsonElement[] times, int[] counted, bool isOnGpu)
    {
        var details = times[^1].GetProperty("args");
        var kind = Text(details, "op_name");
        var operations = NodeOperations.Count(kind, Shapes(details, "input_type_shape"), Shapes(details, "output_type_shape"));
        return new(name, isOnGpu && Text(details, "provider").StartsWith("CPU", StringComparison.Ordinal) ? $"{kind} (CPU)" : kind, counted.Average(run => Duration(times[run])), operations);
    }

    private static string Text(JsonElement e, string property) => e.GetProperty(property).GetString() ?? "";

    private static double Duration(JsonElement e) => e.GetProperty("dur").GetDouble() / 1e3;

    /// <summary>Written as <c>[{"float":[1,3,640,640]}, …]</c>.</summary>
    private static long[][] Shapes(JsonElement details, string property) =>
        [.. details.GetProperty(property).EnumerateArray().Select(shape => shape.EnumerateObject().First().Value.EnumerateArray().Select(size => size.GetInt64()).ToArray())];
}
