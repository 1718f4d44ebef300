using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Runs image graphs on calibration images.</summary>
internal sealed class GraphOutputs : IDisposable
{
    private const int Concepts = 16;

    private readonly InferenceSession _session;
    private readonly float[] _concepts;

    public GraphOutputs(OnnxGraph graph, int threads)
    {
        _session = GraphProfiler.Open(OnnxFile.ToBytes(graph), threads);
        var random = new Random(1);
        var width = _session.InputMetadata.TryGetValue(DetectorContract.Concepts, out var concepts) ? concepts.Dimensions[^1] : 0;
        _concepts = [.. Enumerable.Range(0, Concepts * width).Select(_ => random.NextSingle() - 0.5f)];
    }

    /// <summary>Runs the graph for some of its outputs.</summary>
    /// <param name="image">The image.</param>
    /// <param name="outputs">Their names.</param>
    /// <param name="read">Gets each output's place in the list and its numbers.</param>
    /// <param name="maxRegions">The most regions; null for all that the graph's own number allows.</param>
    public void Run(CalibrationImage image, IReadOnlyCollection<string> outputs, Action<int, OrtValue> read, long? maxRegions = null)
    {
        using var pixels = OrtValue.CreateTensorValueFromMemory(image.Pixels, [1, 3, image.Height, image.Width]);
        using var concepts = OrtValue.CreateTensorValueFromMemory(_concepts, [Concepts, _concepts.Length / Concepts]);
        using var regions = OrtValue.CreateTensorValueFromMemory(new[] { maxRegions ?? 0 }, [1]);
        var inputs = new Dictionary<string, OrtValue> { [DetectorContract.Pixels] = pixels };
        if (_concepts.Length > 0) inputs[DetectorContract.Concepts] = concepts;
        if (maxRegions is not null) inputs[DetectorContract.MaxRegions] = regions;
        using var options = new RunOptions();
        using var results = _session.Run(options, [.. inputs.Keys], [.. inputs.Values], [.. outputs]);
        for (var i = 0; i < results.Count; i++) read(i, results[i]);
    }

    /// <summary>What the graph says of every location of an image, in the order of the locations.</summary>
    public LocationOutputs Locations(CalibrationImage image)
    {
        string[] names = [DetectorContract.Boxes, DetectorContract.Embeddings, DetectorContract.Scores, DetectorContract.Locations];
        var floats = new float[3][];
        long[] locations = [];
        Run(image, names, (i, value) =>
        {
            if (i < 3) floats[i] = value.GetTensorDataAsSpan<float>().ToArray();
            else locations = value.GetTensorDataAsSpan<long>().ToArray();
        }, maxRegions: int.MaxValue);
        return new(Sorted(floats[0], locations), Sorted(floats[1], locations), Sorted(floats[2], locations), locations.Length);
    }

    public void Dispose() => _session.Dispose();

    private static float[] Sorted(float[] rows, long[] locations)
    {
        var (width, sorted) = (rows.Length / locations.Length, new float[rows.Length]);
        for (var i = 0; i < locations.Length; i++) rows.AsSpan(i * width, width).CopyTo(sorted.AsSpan((int)locations[i] * width));
        return sorted;
    }
}

/// <summary>What a graph says of the L locations of an image.</summary>
/// <param name="Boxes">[L, 4].</param>
/// <param name="Embeddings">[L, D].</param>
/// <param name="Scores">[L, K].</param>
/// <param name="Count">L.</param>
internal sealed record LocationOutputs(float[] Boxes, float[] Embeddings, float[] Scores, int Count)
{
    /// <summary>Change of embeddings relative to their length, and of boxes relative to their size, each as a root mean square, as one number.</summary>
    public double Distance(LocationOutputs other) => Math.Sqrt(Squared(Embeddings, other.Embeddings) / Squared(Embeddings, null) + BoxChange(other));

    /// <summary>The locations of the best scores.</summary>
    public int[] Best(int count)
    {
        var width = Scores.Length / Count;
        return [.. Enumerable.Range(0, Count).OrderByDescending(i => Scores.AsSpan(i * width, width).ToArray().Max()).Take(count)];
    }

    /// <summary>Greatest change of a corner, in pixels, and of a score, among some locations.</summary>
    public (double Box, double Score) Largest(LocationOutputs other, IReadOnlyCollection<int> locations) =>
        (Largest(Boxes, other.Boxes, locations), Largest(Scores, other.Scores, locations));

    private double Largest(float[] a, float[] b, IReadOnlyCollection<int> locations)
    {
        var width = a.Length / Count;
        return locations.Max(l => Enumerable.Range(l * width, width).Max(i => Math.Abs(a[i] - b[i])));
    }

    private double BoxChange(LocationOutputs other)
    {
        var sum = 0.0;
        for (var i = 0; i < Boxes.Length; i += 4)
        {
            var size = Math.Max(1, Math.Max(Boxes[i + 2] - Boxes[i], Boxes[i + 3] - Boxes[i + 1]));
            sum += Squared(Boxes[i..(i + 4)], other.Boxes[i..(i + 4)]) / size / size;
        }
        return sum / Boxes.Length;
    }

    private static double Squared(float[] a, float[]? b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += Math.Pow(a[i] - (b is null ? 0 : b[i]), 2);
        return sum;
    }
}
