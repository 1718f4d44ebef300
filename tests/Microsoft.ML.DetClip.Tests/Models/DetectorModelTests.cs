using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.DetClip.Tests;

public sealed class DetectorModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Detector => _folder.PathOf("detector");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("folder")]
    [InlineData("zip")]
    [InlineData("zip with a folder in it")]
    public void What_was_saved_is_loaded(string form)
    {
        ToyDetector.Model.Save(Detector);
        var path = form == "folder" ? Detector : _folder.PathOf("detector.zip");
        if (form != "folder") ZipFile.CreateFromDirectory(Detector, path, CompressionLevel.Fastest, includeBaseDirectory: form != "zip");

        AssertEqual(ToyDetector.Model, DetectorModel.Load(path));
    }

    [Fact]
    public void Saving_replaces_an_older_detector_and_leaves_nothing_beside_it()
    {
        ToyDetector.BatchTelling.Save(Detector);
        ToyDetector.Model.Save(Detector + Path.DirectorySeparatorChar);

        AssertEqual(ToyDetector.Model, DetectorModel.Load(Detector));
        Assert.Equal([Detector], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Saving_never_removes_what_is_no_detector()
    {
        Directory.CreateDirectory(Detector);
        File.WriteAllText(Path.Combine(Detector, "thesis.doc"), "");
        File.WriteAllText(_folder.PathOf("file"), "");

        Assert.Contains("'thesis.doc'", Assert.Throws<IOException>(() => ToyDetector.Model.Save(Detector)).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<IOException>(() => ToyDetector.Model.Save(_folder.PathOf("file"))).Message, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
    }

    [Fact]
    public void A_missing_path_is_named()
    {
        var thrown = Assert.Throws<FileNotFoundException>(() => DetectorModel.Load(Detector));

        Assert.Contains(Detector, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_missing_part_is_named()
    {
        ToyDetector.Model.Save(Detector);
        File.Delete(Path.Combine(Detector, DetectorContract.ImageGraphFile));
        File.Delete(Path.Combine(Detector, DetectorContract.TokenizerFile));

        AssertRefused("missing: image.onnx, tokenizer.txt");
    }

    [Fact]
    public void A_folder_of_something_else_is_refused()
    {
        Directory.CreateDirectory(Detector);

        AssertRefused("missing: detector.json");
    }

    [Fact]
    public void A_file_that_is_no_zip_is_refused()
    {
        File.WriteAllText(Detector, "hello");

        AssertRefused("neither a folder nor a zip");
    }

    [Fact]
    public void A_zip_with_two_detectors_is_refused()
    {
        ToyDetector.Model.Save(_folder.PathOf("pair/a"));
        ToyDetector.Model.Save(_folder.PathOf("pair/b"));
        ZipFile.CreateFromDirectory(_folder.PathOf("pair"), Detector);

        AssertRefused("holds 2 detectors: ");
    }

    [Theory]
    [InlineData("\"formatVersion\": 1", "\"formatVersion\": 2", "has format 2; this version of Microsoft.ML.DetClip reads formats up to 1")]
    [InlineData("\"embeddingWidth\": 3", "\"embeddingWidth\": 0", "EmbeddingWidth is 0, allowed: a positive number")]
    [InlineData("\"textLength\": 16", "\"textLength\": \"x\"", "is not a detector's manifest")]
    [InlineData("\"variant\": \"toy\",", "", "'variant'")]
    [InlineData("{", "", "is not a detector's manifest")]
    public void A_manifest_that_makes_no_sense_is_refused(string old, string replacement, string message)
    {
        ToyDetector.Model.Save(Detector);
        var manifest = Path.Combine(Detector, DetectorContract.ManifestFile);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(old, replacement));

        AssertRefused(message);
    }

    [Fact]
    public void A_manifest_comes_back_as_it_was_and_ignores_what_it_does_not_know()
    {
        var manifest = ToyDetector.Manifest with { ShortSide = 640, LongSide = 640, PixelStd = [1, 2, 3] };
        var json = Encoding.UTF8.GetString(manifest.ToJson()).Replace("{", "{ \"author\": \"someone\",");

        Assert.Equal(manifest.ToJson(), DetectorManifest.Parse(Encoding.UTF8.GetBytes(json)).ToJson());
    }

    [Fact]
    public void A_tokenizer_of_another_detector_is_refused()
    {
        ToyDetector.Model.Save(Detector);
        File.AppendAllText(Path.Combine(Detector, DetectorContract.TokenizerFile), "r e\n");

        AssertRefused("is not the detector's own");
    }

    private void AssertRefused(string message)
    {
        var thrown = Assert.Throws<InvalidDataException>(() => DetectorModel.Load(Detector));
        Assert.StartsWith($"'{Detector}': ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    private static void AssertEqual(DetectorModel expected, DetectorModel actual) => Assert.Equal(expected.Files, actual.Files);
}
