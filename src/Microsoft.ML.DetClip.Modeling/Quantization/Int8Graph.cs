using System.Text.RegularExpressions;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What rounding one kind of layers does to what the graph says.</summary>
/// <param name="Kind">Name of the layers, with # for their numbers.</param>
/// <param name="Change">See <see cref="QuantizationOptions.Tolerance"/>.</param>
/// <param name="Rounded">Whether the layers are rounded in the result.</param>
internal sealed record LayerSensitivity(string Kind, double Change, bool Rounded);

/// <summary>Brings an image graph to 8-bit integers: ranges from images, then each kind of layer alone, then those that do least harm together.</summary>
internal static partial class Int8Graph
{
    /// <summary>Quantizes.</summary>
    /// <param name="graph">The graph in floats.</param>
    /// <param name="images">Images like those that the detector will see.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">There is no image, or an option is out of its range.</exception>
    public static (OnnxGraph Graph, IReadOnlyList<LayerSensitivity> Layers) Quantize(OnnxGraph graph, IReadOnlyList<CalibrationImage> images, QuantizationOptions options)
    {
        options = options.Checked();
        if (images.Count == 0) throw new ArgumentException("There is no calibration image.", nameof(images));
        var quantizer = new OnnxQuantizer(graph);
        var ranges = Ranges(graph, OnnxQuantizer.ValuesOf(quantizer.Nodes), images, options);
        var kinds = quantizer.Nodes.Select(n => n.Layer).Distinct().GroupBy(KindOf).ToDictionary(k => k.Key, k => k.ToHashSet());
        var changes = Changes(graph, quantizer, kinds, ranges, images[0], options);
        var kept = Kept(changes, options.Tolerance);
        var rounded = kinds.Where(k => kept.Contains(k.Key)).SelectMany(k => k.Value).ToHashSet();
        return (quantizer.Quantize(rounded, ranges), [.. changes.OrderByDescending(c => c.Value).Select(c => new LayerSensitivity(c.Key, c.Value, kept.Contains(c.Key)))]);
    }

    /// <summary>The kinds that stay together below the tolerance, the least harmful first.</summary>
    internal static HashSet<string> Kept(IReadOnlyDictionary<string, double> changes, double tolerance)
    {
        var (sum, kept) = (0.0, new HashSet<string>());
        foreach (var (kind, change) in changes.OrderBy(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal))
            if ((sum += change * change) <= tolerance * tolerance) kept.Add(kind);
        return kept;
    }

    private static Dictionary<string, (float Low, float High)> Ranges(OnnxGraph graph, IReadOnlyList<string> values, IReadOnlyList<CalibrationImage> images, QuantizationOptions options)
    {
        const int Samples = 200_000; // of each value and image
        var histograms = values.ToDictionary(v => v, _ => new ValueHistogram());
        foreach (var group in values.Chunk(options.ValuesAtOnce))
        {
            using var outputs = new GraphOutputs(Exposing(graph, group), options.Threads);
            foreach (var image in images)
                outputs.Run(image, [.. group.Select(Exposed)], (i, value) =>
                {
                    var numbers = value.GetTensorDataAsSpan<float>();
                    histograms[group[i]].Add(numbers, Math.Max(1, numbers.Length / Samples));
                });
        }
        return histograms.ToDictionary(h => h.Key, h => h.Value.Range(options.Clipped));
    }

    private static Dictionary<string, double> Changes(OnnxGraph graph, OnnxQuantizer quantizer, Dictionary<string, HashSet<string>> kinds,
        Dictionary<string, (float Low, float High)> ranges, CalibrationImage image, QuantizationOptions options)
    {
        using var floats = new GraphOutputs(graph, options.Threads);
        var exact = floats.Locations(image);
        return kinds.ToDictionary(kind => kind.Key, kind =>
        {
            using var rounded = new GraphOutputs(quantizer.Quantize(kind.Value, ranges), options.Threads);
            return exact.Distance(rounded.Locations(image));
        });
    }

    /// <summary>The graph with some of its values as outputs.</summary>
    private static OnnxGraph Exposing(OnnxGraph graph, IEnumerable<string> values)
    {
        var exposing = graph.Emptied();
        foreach (var input in graph.Inputs) exposing.AddInput(input);
        foreach (var tensor in graph.Initializers) exposing.Store(tensor);
        foreach (var node in graph.Nodes) exposing.Append(node);
        foreach (var value in values) exposing.AddOutput(new(Exposed(value), OnnxType.Float, null), value);
        return OnnxPruning.WithoutUnused(exposing);
    }

    private static string Exposed(string value) => $"{value}/exposed";

    private static string KindOf(string layer) => Number().Replace(layer, "#");

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
