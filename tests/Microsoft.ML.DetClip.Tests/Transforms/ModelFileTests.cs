using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using Microsoft.ML.DetClip.Testing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.DetClip.Tests;

public sealed class ModelFileTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_loaded_model_finds_the_same_as_the_saved_one()
    {
        var (data, file, expected) = SaveToy(Toy.Options with { Labels = [new("red", "a colour"), "green", "blue"], ScoreThreshold = 0.1f });

        var loaded = new MLContext().Model.Load(file, out var schema);
        using var _ = (IDisposable)loaded;

        Assert.Equal(["Image", "Id"], schema.Select(c => c.Name));
        Assert.Equal(expected, Found(loaded.Transform(data)));
    }

    [Fact]
    public void Options_labels_and_definitions_come_back()
    {
        var options = Toy.Options with
        {
            Labels = ["green", new("red", "a colour") { Group = "warm" }, new("blob") { Embedding = new(ToyDetector.Manifest.TextEncoderHash, [1, 2, 3]) }],
            BatchSize = 3,
            IouThreshold = 0.5,
            MaxDetections = 7,
            MaxRegions = 11,
            ScoreColumnName = "Probability",
            NmsKind = NmsKind.SoftGaussian,
            NmsScope = NmsScope.Group,
            SoftNmsSigma = 0.3,
            MinSize = 4,
            Tiles = new() { Columns = 3, Rows = 2, Overlap = 0.1, WholeImage = false },
        };
        var (_, file, _) = SaveToy(options, read: false);

        using var detector = Assert.IsType<OpenVocabularyDetectionTransformer>(_mlContext.Model.Load(file, out _));

        Assert.Equal(options.Labels, detector.Options.Labels);
        Assert.Equal(options, detector.Options with { Labels = options.Labels });
        Assert.Equal(ToyDetector.Manifest.ToJson(), detector.Manifest.ToJson());
    }

    [Fact]
    public void A_file_of_the_first_format_is_read()
    {
        var (data, file, expected) = SaveToy(Toy.Options);
        Change(file, "transformer.json", json =>
        {
            foreach (var name in (string[])["RegionsColumnName", "NmsKind", "NmsScope", "SoftNmsSigma", "MinSize", "Tiles", "Group", "Embedding"])
                json = string.Join("\n", json.Split('\n').Where(line => !line.TrimStart().StartsWith($"\"{name}\":", StringComparison.Ordinal)));
            return json.Replace("\"Format\": 2", "\"Format\": 1").Replace("null,\n      }", "null\n      }");
        });

        using var loaded = (OpenVocabularyDetectionTransformer)_mlContext.Model.Load(file, out _);

        Assert.Equal(expected, Found(loaded.Transform(data)));
        Assert.Equal(Toy.Options, loaded.Options with { Labels = Toy.Options.Labels });
    }

    [Fact]
    public async Task A_process_that_names_none_of_our_types_loads_the_model()
    {
        var (data, file, expected) = SaveToy(Toy.Options);
        var image = _mlContext.Data.CreateEnumerable<PathRow>(data, reuseRowObject: false).First().Image;
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var probe = RepositoryFiles.Path("tests", "Microsoft.ML.DetClip.LoadProbe", "bin", configuration, "net10.0", "Microsoft.ML.DetClip.LoadProbe.dll");

        using var process = Process.Start(new ProcessStartInfo("dotnet", [probe, file, image]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, await errors);
        var lines = expected[0].Select(d => FormattableString.Invariant($"{d.Label} {d.Score:R} {d.Box.X0:R} {d.Box.Y0:R} {d.Box.X1:R} {d.Box.Y1:R}"));
        Assert.Equal(lines, output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public void UseDetClip_may_be_called_before_loading_and_more_than_once()
    {
        var (data, file, expected) = SaveToy(Toy.Options);
        var mlContext = new MLContext();

        mlContext.UseDetClip();
        mlContext.UseDetClip();
        var loaded = mlContext.Model.Load(file, out _);

        Assert.Equal(expected, Found(loaded.Transform(data)));
    }

    [Fact]
    public void UseDetClip_makes_models_loadable_when_the_loader_assembly_cannot()
    {
        var (data, file, expected) = SaveToy(Toy.Options);
        var mlContext = new MLContext();
        PretendRegistered(mlContext.ComponentCatalog, Assembly.Load("Microsoft.ML.DetClip.Loader"));
        Assert.ThrowsAny<Exception>(() => mlContext.Model.Load(file, out _));

        mlContext.UseDetClip();

        Assert.Equal(expected, Found(mlContext.Model.Load(file, out _).Transform(data)));
    }

    [Fact]
    public void A_model_file_is_an_exported_detector_too()
    {
        var (data, file, expected) = SaveToy(Toy.Options);

        using var detector = _mlContext.Fit(Toy.Options, data, DetectorModel.Load(file));

        Assert.Equal(expected, Found(detector.Transform(data)));
    }

    [Fact]
    public void A_detector_with_labels_in_each_row_is_saved_without_labels()
    {
        var data = _mlContext.Data.LoadFromEnumerable([new LabelledRow { Image = SaveImage(), Classes = ["red"] }, new LabelledRow { Image = SaveImage(), Classes = ["blue"] }]);
        using var detector = _mlContext.Fit(new() { LabelsColumnName = "Classes" }, data);
        _mlContext.Model.Save(detector, data.Schema, _folder.PathOf("model.zip"));

        var loaded = _mlContext.Model.Load(_folder.PathOf("model.zip"), out _);

        Assert.Equal(Found(detector.Transform(data)), Found(loaded.Transform(data)));
    }

    [Theory]
    [InlineData("transformer.json", "transformer.json")]
    [InlineData("vocabulary.bin", "vocabulary.bin")]
    [InlineData(DetectorContract.ManifestFile, DetectorContract.ManifestFile)]
    [InlineData(DetectorContract.ImageGraphFile, DetectorContract.ImageGraphFile)]
    [InlineData(DetectorContract.TextGraphFile, DetectorContract.TextGraphFile)]
    [InlineData(DetectorContract.TokenizerFile, DetectorContract.TokenizerFile)]
    public void A_missing_part_is_named(string part, string named) => AssertRefused(part, _ => null, $"{named}");

    [Fact]
    public void A_newer_format_is_refused() =>
        AssertRefused("transformer.json", json => json.Replace("\"Format\": 2", "\"Format\": 99"), "format 99");

    [Fact]
    public void A_newer_detector_is_refused() =>
        AssertRefused(DetectorContract.ManifestFile, json => json.Replace("\"formatVersion\": 1", "\"formatVersion\": 99"), "format 99");

    [Fact]
    public void Embeddings_of_another_text_encoder_are_refused() =>
        AssertRefused("transformer.json", json => json.Replace(ToyDetector.Manifest.TextEncoderHash, new string('0', 64)), "another text encoder");

    [Fact]
    public void A_changed_tokenizer_is_refused() =>
        AssertRefused(DetectorContract.TokenizerFile, text => text + "a b\n", "is not the detector's own");

    [Fact]
    public void Embeddings_that_are_too_short_are_refused() =>
        AssertRefused("vocabulary.bin", text => "short", "vocabulary.bin in the model file has 5 bytes, not 36");

    [Fact]
    public void Damaged_settings_are_refused() =>
        AssertRefused("transformer.json", json => json.Replace("\"BatchSize\": 8", "\"BatchSize\": -1"), "BatchSize is -1, allowed: 1 to 256, or 0 for a choice by memory");

    private void AssertRefused(string part, Func<string, string?> change, string message)
    {
        var (_, file, _) = SaveToy(Toy.Options, read: false);
        Change(file, part, change);

        var thrown = Assert.ThrowsAny<Exception>(() => _mlContext.Model.Load(file, out _));

        var causes = Causes(thrown).ToArray();
        Assert.Contains(causes, e => e is InvalidDataException && e.Message.Contains(message, StringComparison.Ordinal));
    }

    private static void Change(string file, string part, Func<string, string?> change)
    {
        using var zip = ZipFile.Open(file, ZipArchiveMode.Update);
        var entry = zip.Entries.Single(e => e.Name == part);
        var content = change(Read(entry));
        var name = entry.FullName;
        entry.Delete();
        if (content is null) return;
        using var writer = new StreamWriter(zip.CreateEntry(name).Open(), Encoding.Latin1);
        writer.Write(content);
    }

    private static string Read(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open(), Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private static IEnumerable<Exception> Causes(Exception? e)
    {
        for (; e is not null; e = e.InnerException) yield return e;
    }

    // Then ML.NET does not look at the assembly's attribute, as if it could not see it.
    private static void PretendRegistered(ComponentCatalog catalog, Assembly assembly)
    {
        var registered = (HashSet<string>)typeof(ComponentCatalog).GetField("_cachedAssemblies", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(catalog)!;
        registered.Add(assembly.FullName!);
    }

    private DetectionList[] Found(IDataView found) => [.. _mlContext.Rows(found).Select(r => r.Detections)];

    private (IDataView Data, string File, DetectionList[] Found) SaveToy(OpenVocabularyDetectionEstimator.Options options, bool read = true)
    {
        var data = _mlContext.Data.LoadFromEnumerable([new PathRow { Image = SaveImage() }]);
        var file = _folder.PathOf("model.zip");
        using var detector = _mlContext.Fit(options, data);
        _mlContext.Model.Save(detector, data.Schema, file);
        return (data, file, read ? Found(detector.Transform(data)) : []);
    }

    private string SaveImage() => new ToyImage(120, 100, (ToyImage.Red, new(10, 20, 60, 80)), (ToyImage.Green, new(70, 30, 110, 90))).Save(_folder);
}
