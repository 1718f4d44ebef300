using System.Text.Json;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Cli.Tests;

public class ProfileCommandTests
{
    [Fact]
    public async Task The_table_is_as_approved()
    {
        var session = await Session.RunAsync("", "profile", "--variant", "swin-t");

        Assert.Equal((ExitCode.Success, ""), (session.ExitCode, session.Error));
        Approved.Equal("Cli.profile", string.Join("\n", session.Output.Split('\n').Select(line => line.TrimEnd())).Trim('\n'));
    }

    [Fact]
    public async Task The_tree_as_json_holds_every_level()
    {
        var session = await Session.RunAsync("", "profile", "--variant", "nano", "--size", "65x33", "--classes", "3", "--json");

        using var json = JsonDocument.Parse(session.Output);
        var detector = json.RootElement.GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("part").GetString() == "detector");
        var block = detector.GetProperty("parts")[0].GetProperty("parts")[1].GetProperty("parts")[0];
        Assert.Equal(("block", "mlp"), (block.GetProperty("part").GetString(), block.GetProperty("parts")[0].GetProperty("part").GetString()));
        Assert.True(block.GetProperty("multiplyAdds").GetInt64() > block.GetProperty("parts")[0].GetProperty("multiplyAdds").GetInt64());
    }

    [Fact]
    public async Task An_exported_detector_is_measured_operator_by_operator()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"detclip-{Guid.NewGuid():N}");
        try
        {
            await Session.RunAsync("", "export", "--variant", "nano", "--out", folder, "--no-parity");

            var session = await Session.RunAsync("", "profile", "--model", folder, "--size", "64x96", "--classes", "3", "--runs", "1", "--threads", "1", "--json");

            Assert.Equal((ExitCode.Success, ""), (session.ExitCode, session.Error));
            using var json = JsonDocument.Parse(session.Output);
            var nodes = json.RootElement.GetProperty("nodes").EnumerateArray().ToArray();
            Assert.Contains(nodes, n => n.GetProperty("name").GetString()!.StartsWith("detector/backbone/stage1/block"));
            Assert.All(nodes.Where(n => n.GetProperty("kind").GetString() is "Conv" or "DeformConv"), n => Assert.True(n.GetProperty("operations").GetDouble() > 0));
            Assert.True(json.RootElement.GetProperty("machine").GetProperty("product").GetDouble() > 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("Give either --variant or --model.")]
    [InlineData("Give either --variant or --model.", "--variant", "nano", "--model", "x")]
    [InlineData("--depth goes with --variant.", "--model", "x", "--depth", "2")]
    [InlineData("--runs goes with --model.", "--variant", "nano", "--runs", "2")]
    [InlineData("--gpu goes with --model.", "--variant", "nano", "--gpu", "0")]
    [InlineData("--gpu needs the environment variable CUDA_LAUNCH_BLOCKING to be 1 from the start of the program, so that a node is over when its work is done.", "--model", "x", "--gpu", "0")]
    [InlineData("--size is '800'; it must be height x width in pixels, such as 800x1333.", "--variant", "nano", "--size", "800")]
    [InlineData("--size is '0x5'; it must be height x width in pixels, such as 800x1333.", "--variant", "nano", "--size", "0x5")]
    [InlineData("--classes is 0; it must be positive.", "--variant", "nano", "--classes", "0")]
    [InlineData("--depth is -1; it must be positive.", "--variant", "nano", "--depth", "-1")]
    [InlineData("Argument 'huge' not recognized. Must be one of: 'nano' 'swin-t' 'swin-s' 'swin-b' 'swin-l'", "--variant", "huge")]
    public async Task What_cannot_be_is_bad_usage(string problem, params string[] arguments)
    {
        var session = await Session.RunAsync("", ["profile", .. arguments]);

        Assert.Equal((ExitCode.BadUsage, ""), (session.ExitCode, session.Output));
        Assert.Equal($"detclip: error: {problem} See 'detclip profile --help'.\n", session.Error);
    }
}
