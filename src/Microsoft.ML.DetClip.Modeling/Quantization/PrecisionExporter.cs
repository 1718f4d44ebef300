namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Adds an image graph in other numbers to an exported detector, and measures what it costs and brings.</summary>
internal static class PrecisionExporter
{
    /// <summary>Regions whose boxes and scores are compared: the best ones, which become detections.</summary>
    private const int Compared = 100;

    /// <summary>Writes the graph beside the detector's others.</summary>
    /// <param name="graph">The image graph in 32-bit floats, which the other is compared with.</param>
    /// <param name="source">What becomes the other: the same, or the same in operators that suit the other numbers.</param>
    /// <param name="folder">The exported detector.</param>
    /// <param name="precision">The other numbers.</param>
    /// <param name="images">Images like those that the detector will see; the first is what the report is made on.</param>
    /// <param name="options">How integers are chosen.</param>
    /// <exception cref="ArgumentException">There is no image, or an option is out of its range.</exception>
    public static PrecisionReport Add(OnnxGraph graph, OnnxGraph source, string folder, DetectorPrecision precision, IReadOnlyList<CalibrationImage> images, QuantizationOptions options)
    {
        if (images.Count == 0) throw new ArgumentException("There is no calibration image.", nameof(images));
        var (other, layers) = precision == DetectorPrecision.Int8 ? Int8Graph.Quantize(source, images, options) : (HalfGraph.Of(source), []);
        var (from, to) = (Path.Combine(folder, DetectorContract.ImageGraphFile), Path.Combine(folder, DetectorContract.ImageGraphFileOf(precision)));
        OnnxFile.Save(other, to, new Dictionary<string, string> { ["precision"] = precision.ToString() });
        using var floats = new GraphOutputs(graph, options.Threads);
        using var rounded = new GraphOutputs(other, options.Threads);
        var changes = images.Take(4).Select(image => Change(floats.Locations(image), rounded.Locations(image))).ToArray();
        return new(precision, new FileInfo(from).Length, new FileInfo(to).Length, Speed(floats, rounded, images[0]), images[0].Height, images[0].Width,
            changes.Max(c => c.Box), changes.Max(c => c.Score), layers);
    }

    private static (double Box, double Score) Change(LocationOutputs a, LocationOutputs b) => a.Largest(b, a.Best(Compared));

    /// <summary>Processor time of one image in floats, divided by that in the other numbers: the median of runs in turn.</summary>
    private static double Speed(GraphOutputs floats, GraphOutputs rounded, CalibrationImage image)
    {
        double Time(GraphOutputs graph)
        {
            var start = Environment.CpuUsage.TotalTime;
            graph.Run(image, [DetectorContract.Boxes, DetectorContract.Scores], (_, _) => { });
            return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        }
        return Enumerable.Range(0, 5).Select(_ => Time(floats) / Time(rounded)).Order().ElementAt(2);
    }
}

/// <summary>What other numbers cost and bring.</summary>
/// <param name="Precision">The numbers.</param>
/// <param name="FloatBytes">Size of the graph in 32-bit floats.</param>
/// <param name="Bytes">Size of the graph in these numbers.</param>
/// <param name="Speed">Processor time of one image in 32-bit floats, divided by that in these numbers.</param>
/// <param name="Height">Of that image, in pixels.</param>
/// <param name="Width">Of that image, in pixels.</param>
/// <param name="LargestBoxChange">Of the best 100 regions of the first four images, in pixels.</param>
/// <param name="LargestScoreChange">Of the same regions.</param>
/// <param name="Layers">Kinds of layers, the most sensitive first; none where nothing was chosen.</param>
internal sealed record PrecisionReport(
    DetectorPrecision Precision, long FloatBytes, long Bytes, double Speed, int Height, int Width, double LargestBoxChange, double LargestScoreChange,
    IReadOnlyList<LayerSensitivity> Layers)
{
    /// <summary>The report as text.</summary>
    public string ToTable() => string.Join('\n',
    [
        .. Layers.Select(l => FormattableString.Invariant($"{l.Change,8:F4}  {(l.Rounded ? "integers" : "floats  ")}  {l.Kind}")),
        FormattableString.Invariant($"{Precision}: {Speed:F2} times as fast at {Height}x{Width}, {Bytes / 1048576.0:F0} instead of {FloatBytes / 1048576.0:F0} MiB"),
        FormattableString.Invariant($"largest change among the best regions: {LargestBoxChange:F2} pixels, {LargestScoreChange:F4} of a score"),
    ]);
}
