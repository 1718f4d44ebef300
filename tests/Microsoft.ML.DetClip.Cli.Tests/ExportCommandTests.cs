using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.DetClip.Training;

namespace Microsoft.ML.DetClip.Cli.Tests;

public sealed class ExportCommandTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"detclip-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_untrained_variant_becomes_a_detector_with_a_parity_report()
    {
        var session = await Session.RunAsync("", "export", "--variant", "nano", "--seed", "3", "--out", _folder, "--sizes", "64x40", "33x70");

        Assert.Equal(ExitCode.Success, session.ExitCode);
        Assert.Contains("untrained", session.Error);
        Assert.Contains("within the bound", session.Output);
        Assert.Equal(12, session.Output.Split('\n').Count(line => line.TrimStart().StartsWith("64 ") || line.TrimStart().StartsWith("33 ")));
        Assert.True(File.Exists(Path.Combine(_folder, DetectorContract.ParityFile)));
        Assert.Equal("nano", DetectorModel.Load(_folder).Manifest.Variant);
    }

    [Fact]
    public async Task A_checkpoint_is_exported_with_its_own_tokenizer()
    {
        var (checkpoint, detector) = (Path.Combine(_folder, "network.safetensors"), Path.Combine(_folder, "detector"));
        var tokenizer = BytePairLearner.Learn(["a red car", "two red cars"], mergeCount: 9);
        using var network = DetClipNetwork.Create(DetClipVariants.Nano with { Variant = "mine" }, seed: 8);
        Directory.CreateDirectory(_folder);
        Checkpoint.Save(checkpoint, network, tokenizer, step: 1);

        var session = await Session.RunAsync("", "export", "--checkpoint", checkpoint, "--out", detector, "--sizes", "40x40");

        Assert.Equal((ExitCode.Success, ""), (session.ExitCode, session.Error));
        Assert.Equal("mine", DetectorModel.Load(detector).Manifest.Variant);
        Assert.Equal(tokenizer.Encode("a red car"), ClipTokenizer.Load(Path.Combine(detector, DetectorContract.TokenizerFile)).Encode("a red car"));
        Assert.True(ParityMeasurement.Measure(network, detector, new() { Sizes = [(40, 40)], ConceptCounts = [2], BatchSizes = [1] }).Passed);
    }

    [Theory]
    [InlineData(800, 1333, null)]
    [InlineData(100, 300, null, "--short-side", "100", "--long-side", "300")]
    [InlineData(160, 240, "160 240")]
    [InlineData(160, 500, "160 240", "--long-side", "500")]
    public async Task The_image_size_is_the_one_given_or_that_of_the_checkpoints_recipe(int shortSide, int longSide, string? recipe, params string[] arguments)
    {
        var (checkpoint, detector) = (Path.Combine(_folder, "network.safetensors"), Path.Combine(_folder, "detector"));
        var tokenizer = BytePairLearner.Learn([], mergeCount: 0);
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 8);
        var entries = new Dictionary<string, string>();
        if (recipe?.Split(' ') is [var s, var l]) entries[TrainingStateFile.SettingsKey] = $$"""{ "Detection.ShortSide": "{{s}}", "Detection.LongSide": "{{l}}" }""";
        Directory.CreateDirectory(_folder);
        Checkpoint.Save(checkpoint, network.Config, tokenizer, 1, StateFiles.Tensors(network.state_dict()), entries);

        var session = await Session.RunAsync("", ["export", "--checkpoint", checkpoint, "--out", detector, "--no-parity", .. arguments]);

        Assert.Equal((ExitCode.Success, ""), (session.ExitCode, session.Error));
        var manifest = DetectorModel.Load(detector).Manifest;
        Assert.Equal((shortSide, longSide), (manifest.ShortSide, manifest.LongSide));
    }

    [Fact]
    public async Task A_long_side_below_the_short_one_is_refused_and_nothing_is_written()
    {
        var session = await Session.RunAsync("", "export", "--variant", "nano", "--out", _folder, "--short-side", "100", "--long-side", "99");

        Assert.Equal((ExitCode.Failure, ""), (session.ExitCode, session.Output));
        Assert.Contains("LongSide is 99", session.Error);
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public async Task Without_parity_nothing_is_printed_and_the_same_seed_gives_the_same_detector()
    {
        string[] arguments = ["export", "--variant", "nano", "--out", _folder, "--no-parity"];
        Assert.Equal((ExitCode.Success, ""), Result(await Session.RunAsync("", arguments)));
        var first = File.ReadAllBytes(Path.Combine(_folder, DetectorContract.ImageGraphFile));

        Assert.Equal((ExitCode.Success, ""), Result(await Session.RunAsync("", arguments)));

        Assert.Equal(first, File.ReadAllBytes(Path.Combine(_folder, DetectorContract.ImageGraphFile)));
        Assert.False(File.Exists(Path.Combine(_folder, DetectorContract.ParityFile)));

        static (int, string) Result(Session session) => (session.ExitCode, session.Output);
    }

    [Theory]
    [InlineData("either --checkpoint or --variant", "--out", "x")]
    [InlineData("either --checkpoint or --variant", "--out", "x", "--variant", "nano", "--checkpoint", "y")]
    [InlineData("--vocabulary goes with --variant", "--out", "x", "--checkpoint", "y", "--vocabulary", "z")]
    [InlineData("--seed goes with --variant", "--out", "x", "--checkpoint", "y", "--seed", "2")]
    [InlineData("'640' is no image size", "--out", "x", "--variant", "nano", "--sizes", "640")]
    [InlineData("'0x9' is no image size", "--out", "x", "--variant", "nano", "--sizes", "8x8", "0x9")]
    [InlineData("--max-regions is 0", "--out", "x", "--variant", "nano", "--max-regions", "0")]
    [InlineData("--short-side is 0", "--out", "x", "--variant", "nano", "--short-side", "0")]
    [InlineData("--long-side is -5", "--out", "x", "--variant", "nano", "--long-side", "-5")]
    [InlineData("--out", "--variant", "nano")]
    public async Task What_does_not_fit_together_is_exit_code_2(string problem, params string[] arguments)
    {
        var session = await Session.RunAsync("", ["export", .. arguments]);

        Assert.Equal((ExitCode.BadUsage, ""), (session.ExitCode, session.Output));
        Assert.Contains(problem, session.Error);
    }

    [Theory]
    [InlineData("swin-t", "--variant", "swin-xxl")]
    [InlineData("nowhere.safetensors", "--checkpoint", "nowhere.safetensors")]
    public async Task A_network_that_is_not_there_is_exit_code_1(string named, params string[] arguments)
    {
        var session = await Session.RunAsync("", ["export", "--out", _folder, .. arguments]);

        Assert.Equal((ExitCode.Failure, ""), (session.ExitCode, session.Output));
        Assert.Contains(named, session.Error);
        Assert.False(Directory.Exists(_folder));
    }
}
