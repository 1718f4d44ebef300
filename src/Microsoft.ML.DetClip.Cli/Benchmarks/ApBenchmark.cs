using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Cli.Benchmarks;

/// <summary>A detector on a data set: finds, chunk by chunk, then measures.</summary>
internal sealed class ApBenchmark(ApBenchmarkArguments arguments, Terminal terminal)
{
    private readonly BenchmarkFolder _folder = new(arguments.Out);

    /// <summary>Runs what is not there yet, and says what was measured.</summary>
    /// <exception cref="OperationCanceledException">Stopped; whole chunks are kept.</exception>
    public void Run(CancellationToken cancellation)
    {
        arguments.Protocol.Check(arguments.Data);
        var images = BenchmarkImages.Read(arguments.Data, terminal);
        var concepts = Concepts(images);
        var model = DetectorModel.Load(arguments.Model);
        CheckPrecision(model);
        _folder.Open(SettingsOf(model, images, concepts));
        terminal.Error.WriteLine($"{arguments.Data}: {images.Count} images, {concepts.Length} names; the folder of this benchmark is '{arguments.Out}'");
        var chunks = (images.Count + arguments.ChunkSize - 1) / arguments.ChunkSize;
        Detect(model, images, concepts, chunks, cancellation);
        _folder.Join(chunks);
        var result = arguments.Protocol.Evaluate(arguments.Data, images, _folder.ResultsFile);
        result.Save(_folder.MetricsFile);
        terminal.Output.WriteLine($"{arguments.Protocol.Title}; at most {arguments.MaxDetections} detections of an image were made");
        terminal.Output.WriteLine(result.Table);
    }

    // Before the folder is made, which would belong to a benchmark that cannot be.
    private void CheckPrecision(DetectorModel model)
    {
        if (!model.Precisions.Contains(arguments.Precision))
            throw new CommandException($"'{arguments.Model}' has no graph in {arguments.Precision}, only in {string.Join(", ", model.Precisions)}.", "Choose another --precision, or export it again with that one.");
    }

    private Concept[] Concepts(BenchmarkImages images)
    {
        var meanings = arguments.Definitions is { } path ? DefinitionSource.Load(path, images.Names) : ConceptDictionary.Empty;
        Concept[] concepts = [.. images.Names.Select(meanings.Define)];
        if (arguments.Definitions is not null) terminal.Error.WriteLine($"{arguments.Definitions}: definitions for {concepts.Count(c => c.Definition is not null)} of {concepts.Length} names");
        return concepts;
    }

    private void Detect(DetectorModel model, BenchmarkImages images, Concept[] concepts, int chunks, CancellationToken cancellation)
    {
        int[] missing = [.. Enumerable.Range(0, chunks).Where(chunk => !_folder.Has(chunk))];
        if (missing.Length == 0) return;
        var context = new MLContext { GpuDeviceId = arguments.Gpu, FallbackToCpu = false };
        context.Log += (_, e) => { if (e.Kind == Runtime.ChannelMessageKind.Warning) terminal.Warn(e.RawMessage); };
        using var detector = context.Transforms.DetectOpenVocabulary(model, new OpenVocabularyDetectionEstimator.Options
        {
            Labels = concepts, ScoreThreshold = 0, MaxDetections = arguments.MaxDetections, Runtime = new() { Precision = arguments.Precision },
        }).Fit(context.Data.LoadFromEnumerable(images.Rows(0, 1)));
        using var bar = new CountingBar(terminal, images.Count, "images");
        bar.Begin(images.Count - missing.Sum(chunk => RowsOf(images, chunk).Count()));
        foreach (var chunk in missing) Detect(context, detector, images, chunk, bar, cancellation);
    }

    private void Detect(MLContext context, OpenVocabularyDetectionTransformer detector, BenchmarkImages images, int chunk, CountingBar bar, CancellationToken cancellation)
    {
        var found = detector.Transform(context.Data.LoadFromEnumerable(RowsOf(images, chunk)));
        var results = new List<DetectionResult>();
        foreach (var row in context.Data.CreateEnumerable<BenchmarkFinding>(found, reuseRowObject: false))
        {
            cancellation.ThrowIfCancellationRequested();
            results.AddRange(images.Results(row.ImageId, row.Detections));
            bar.Advance();
        }
        _folder.Write(chunk, results);
    }

    private IEnumerable<BenchmarkRow> RowsOf(BenchmarkImages images, int chunk) => images.Rows(chunk * arguments.ChunkSize, arguments.ChunkSize);

    private BenchmarkSettings SettingsOf(DetectorModel model, BenchmarkImages images, Concept[] concepts) => new()
    {
        Detector = model.HashAsRun(arguments.Precision),
        Precision = arguments.Precision.ToString(),
        Data = arguments.Data.ToString(),
        Images = images.Count,
        Vocabulary = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', concepts.Select(concept => concept.Sentence))))),
        MaxDetections = arguments.MaxDetections,
        ChunkSize = arguments.ChunkSize,
    };
}

/// <summary>What the command line says.</summary>
internal sealed record ApBenchmarkArguments
{
    public required string Model { get; init; }

    public required DataSource Data { get; init; }

    public required ApProtocol Protocol { get; init; }

    public string? Definitions { get; init; }

    public required int MaxDetections { get; init; }

    public required int ChunkSize { get; init; }

    public required string Out { get; init; }

    public int? Gpu { get; init; }

    public DetectorPrecision Precision { get; init; }
}
