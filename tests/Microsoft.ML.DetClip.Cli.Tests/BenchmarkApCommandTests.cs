using System.Text.Json;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Testing;
using SkiaSharp;

namespace Microsoft.ML.DetClip.Cli.Tests;

/// <summary>A detector that has learned nothing measures as any other: what counts is that nothing is lost on the way.</summary>
public sealed class BenchmarkApCommandTests(BenchmarkApCommandTests.TinyDetector detector) : IClassFixture<BenchmarkApCommandTests.TinyDetector>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-benchmark").FullName;

    private string Out => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_metrics_are_those_that_evaluate_finds_in_the_results_file()
    {
        var coco = WriteCoco(images: 5);

        var session = await Benchmark(coco, "--chunk-size", "2", "--max-detections", "50");
        var evaluated = await Session.RunAsync("", "evaluate", "-p", "coco", "-g", Path.Combine(_folder, "boxes.json"), "-d", Path.Combine(Out, "results.json"), "-o", Path.Combine(_folder, "again.json"));

        Assert.True(session.ExitCode == ExitCode.Success, session.Error);
        Assert.StartsWith("COCO: AP over all categories", session.Output);
        Assert.EndsWith(evaluated.Output, session.Output);
        Assert.Equal(File.ReadAllText(Path.Combine(_folder, "again.json")), File.ReadAllText(Path.Combine(Out, "metrics.json")));
        var perImage = Results().GroupBy(r => r.GetProperty("image_id").GetInt64()).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal([1, 2, 3, 4, 5], perImage.Keys.Order());
        Assert.All(perImage.Values, count => Assert.InRange(count, 1, 50));
        Assert.Contains("5/5 images", session.Error);
    }

    [Fact]
    public async Task A_stopped_benchmark_goes_on_and_ends_the_same()
    {
        var coco = WriteCoco(images: 5);
        var whole = await Benchmark(coco, "--chunk-size", "2");
        var (results, kept) = (File.ReadAllText(Path.Combine(Out, "results.json")), File.GetLastWriteTimeUtc(Chunk(0)));
        File.Delete(Chunk(1));
        File.Delete(Path.Combine(Out, "results.json"));

        var rest = await Benchmark(coco, "--chunk-size", "2");

        Assert.Contains("3 of 5 images were done before", rest.Error);
        Assert.Equal(whole.Output, rest.Output);
        Assert.Equal(results, File.ReadAllText(Path.Combine(Out, "results.json")));
        Assert.Equal(kept, File.GetLastWriteTimeUtc(Chunk(0)));
    }

    [Theory]
    [InlineData("--max-detections", "7")]
    [InlineData("--chunk-size", "3")]
    public async Task Detections_of_other_settings_are_never_mixed(string option, string value)
    {
        var coco = WriteCoco(images: 3);
        await Benchmark(coco);

        var other = await Benchmark(coco, option, value);

        Assert.Equal((ExitCode.Failure, ""), (other.ExitCode, other.Output));
        Assert.Contains("holds a benchmark with other settings", other.Error);
    }

    [Fact]
    public async Task The_same_network_on_images_of_another_size_is_another_detector()
    {
        var coco = WriteCoco(images: 1);
        await Benchmark(coco);
        var larger = Directory.CreateDirectory(Path.Combine(_folder, "larger")).FullName;
        foreach (var file in Directory.EnumerateFiles(detector.Path)) File.Copy(file, Path.Combine(larger, Path.GetFileName(file)));
        var manifest = Path.Combine(larger, DetectorContract.ManifestFile);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"longSide\": 1333", "\"longSide\": 1400", StringComparison.Ordinal));

        var other = await Session.RunAsync("", "benchmark-ap", "--model", larger, "--data", coco, "--out", Out);

        Assert.Equal((ExitCode.Failure, ""), (other.ExitCode, other.Output));
        Assert.Contains("holds a benchmark with other settings", other.Error);
    }

    [Fact]
    public async Task A_precision_that_the_detector_lacks_is_refused_before_anything_is_written()
    {
        var coco = WriteCoco(images: 1);

        var lacking = await Benchmark(coco, "--precision", "int8");
        Assert.Equal((ExitCode.Failure, ""), (lacking.ExitCode, lacking.Output));
        Assert.Contains("has no graph in Int8, only in Float32", lacking.Error);
        Assert.False(Directory.Exists(Out));

        var usual = await Benchmark(coco, "--precision", "fp32");
        Assert.True(usual.ExitCode == ExitCode.Success, usual.Error);
    }

    [Fact]
    public async Task Another_format_of_the_same_boxes_gives_the_same_numbers()
    {
        var coco = WriteCoco(images: 4);
        await Session.RunAsync("", "convert", "--from", coco, "--to", $"odvg:{Path.Combine(_folder, "boxes.jsonl")}");

        var (first, second) = (await Benchmark(coco), await Benchmark($"odvg:{Path.Combine(_folder, "boxes.jsonl")},images={_folder}", "--out", $"{Out}2"));

        Assert.True(second.ExitCode == ExitCode.Success, second.Error);
        Assert.Equal(first.Output, second.Output);
    }

    [Fact]
    public async Task Definitions_change_what_is_asked()
    {
        var coco = WriteCoco(images: 1);
        File.WriteAllText(Path.Combine(_folder, "meanings.txt"), "blue square\ta shape of four equal sides, as blue as the sky\n");

        var (plain, defined) = (await Benchmark(coco), await Benchmark(coco, "--out", $"{Out}2", "--definitions", Path.Combine(_folder, "meanings.txt")));

        Assert.True(plain.ExitCode == ExitCode.Success && defined.ExitCode == ExitCode.Success, plain.Error + defined.Error);
        Assert.Contains("definitions for 1 of 2 names", defined.Error);
        Assert.NotEqual(File.ReadAllText(Path.Combine(Out, "results.json")), File.ReadAllText(Path.Combine($"{Out}2", "results.json")));
    }

    [SharedTheory("data/lvis-mini")]
    [InlineData("lvis", "LVIS: plain AP", "APr")]
    [InlineData("lvis-fixed", "LVIS: fixed AP", "APr")]
    public async Task Lvis_has_two_protocols_in_two_tables(string protocol, string title, string metric)
    {
        var source = $"lvis:{SharedData.Path("data/lvis-mini/lvis_v0.5_val_7images.json")},images={SharedData.Path("data/lvis-mini/images")}";

        var session = await Benchmark(source, "--protocol", protocol, "--max-detections", "1000");

        Assert.True(session.ExitCode == ExitCode.Success, session.Error);
        Assert.StartsWith(title, session.Output);
        using var metrics = JsonDocument.Parse(File.ReadAllText(Path.Combine(Out, "metrics.json")));
        Assert.True(metrics.RootElement.GetProperty("metrics").TryGetProperty(metric, out _));
    }

    [Theory]
    [InlineData("Choose --protocol coco", "--protocol", "lvis-fixed")]
    [InlineData("There is no 'nowhere'", "--definitions", "nowhere")]
    public async Task What_cannot_be_is_said_before_anything_runs(string problem, params string[] arguments)
    {
        var session = await Benchmark(WriteCoco(images: 1), arguments);

        Assert.Equal((ExitCode.Failure, ""), (session.ExitCode, session.Output));
        Assert.Contains(problem, session.Error);
        Assert.False(Directory.Exists(Out));
    }

    private string Chunk(int number) => Path.Combine(Out, "chunks", $"{number:D6}.json");

    private IEnumerable<JsonElement> Results() => JsonSerializer.Deserialize<JsonElement[]>(File.ReadAllText(Path.Combine(Out, "results.json")))!;

    private Task<Session> Benchmark(string data, params string[] arguments) =>
        Session.RunAsync("", ["benchmark-ap", "--model", detector.Path, "--data", data, .. arguments.Contains("--out") ? [] : (string[])["--out", Out], .. arguments]);

    private string WriteCoco(int images)
    {
        var samples = Enumerable.Range(1, images).Select(Draw).ToArray();
        CocoWriter.Write(Path.Combine(_folder, "boxes.json"), samples, [new(1, "red square"), new(2, "blue square")]);
        return $"coco:{Path.Combine(_folder, "boxes.json")},images={_folder}";
    }

    private DetectionSample Draw(int id)
    {
        using var bitmap = new SKBitmap(64, 64);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { Color = id % 2 == 0 ? SKColors.Red : SKColors.Blue };
        canvas.Clear(SKColors.Gray);
        canvas.DrawRect(8 + id, 8, 30, 30, paint);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(Path.Combine(_folder, $"{id}.png"), png.ToArray());
        return new()
        {
            ImageId = id, ImagePath = Path.Combine(_folder, $"{id}.png"), Width = 64, Height = 64, Boxes = [new(8 + id, 8, 38 + id, 38)],
            Labels = [id % 2 == 0 ? "red square" : "blue square"], IsCrowd = [false],
        };
    }

    /// <summary>An exported detector with random weights.</summary>
    public sealed class TinyDetector : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("detclip-tiny").FullName;

        public string Path => System.IO.Path.Combine(_folder, "detector");

        public async Task InitializeAsync()
        {
            var session = await Session.RunAsync("", "export", "--variant", "nano", "--out", Path, "--no-parity");
            Assert.True(session.ExitCode == ExitCode.Success, session.Error);
        }

        public Task DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return Task.CompletedTask;
        }
    }
}
