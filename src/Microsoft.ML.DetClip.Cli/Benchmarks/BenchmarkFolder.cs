using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Cli.Benchmarks;

/// <summary>What a benchmark leaves on the disk: detections of each chunk of images while it runs, so that a stopped one goes on; then all of them, and the metrics.</summary>
internal sealed class BenchmarkFolder(string path)
{
    private const string SettingsFile = "benchmark.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>All detections, as a COCO results file.</summary>
    public string ResultsFile => InFolder("results.json");

    /// <summary>The metrics.</summary>
    public string MetricsFile => InFolder("metrics.json");

    /// <summary>Makes the folder, or opens that of a benchmark with the same settings.</summary>
    /// <exception cref="CommandException">It holds another benchmark.</exception>
    public void Open(BenchmarkSettings settings)
    {
        var expected = JsonSerializer.Serialize(settings, Json);
        var file = InFolder(SettingsFile);
        if (!File.Exists(file)) AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(expected)));
        else if (File.ReadAllText(file) != expected) throw new CommandException($"'{path}' holds a benchmark with other settings; see {SettingsFile} there.", "Choose another --out.");
    }

    /// <summary>Whether the detections of a chunk are there, whole.</summary>
    public bool Has(int chunk) => File.Exists(ChunkFile(chunk));

    /// <summary>Keeps the detections of a chunk.</summary>
    public void Write(int chunk, IEnumerable<DetectionResult> results) => CocoFiles.WriteResults(ChunkFile(chunk), results);

    /// <summary>Joins the chunks in <see cref="ResultsFile"/>.</summary>
    public void Join(int chunks) => CocoFiles.WriteResults(ResultsFile, Enumerable.Range(0, chunks).SelectMany(chunk => CocoFiles.ReadResults(ChunkFile(chunk))));

    private string ChunkFile(int chunk) => InFolder(Path.Combine("chunks", string.Create(CultureInfo.InvariantCulture, $"{chunk:D6}.json")));

    private string InFolder(string name) => Path.Combine(path, name);
}

/// <summary>What makes one benchmark differ from another; detections of different ones are never mixed.</summary>
internal sealed record BenchmarkSettings
{
    /// <summary>See <see cref="DetectorModel.HashAsRun"/>.</summary>
    public required string Detector { get; init; }

    /// <summary>Which of its image graphs.</summary>
    public required string Precision { get; init; }

    /// <summary>The data set as the command line names it.</summary>
    public required string Data { get; init; }

    /// <summary>Its images, by number.</summary>
    public required int Images { get; init; }

    /// <summary>SHA-256 of what was looked for, with definitions.</summary>
    public required string Vocabulary { get; init; }

    /// <summary>The most detections of an image.</summary>
    public required int MaxDetections { get; init; }

    /// <summary>Images of a chunk.</summary>
    public required int ChunkSize { get; init; }
}
