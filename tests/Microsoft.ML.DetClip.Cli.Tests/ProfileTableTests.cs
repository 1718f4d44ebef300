using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Cli.Tests;

public class ProfileTableTests
{
    [Fact]
    public void The_tables_are_as_approved()
    {
        var profile = new GraphProfile(800, 1333, 1, 80, 2, 5, 1000, new(250, 200),
        [
            new("detector/patches/Conv", "Conv", 100, 20e9),
            new("detector/stage1/Gemm", "Gemm", 300, 60e9),
            new("detector/stage1/Gemm_1", "Gemm", 200, 40e9),
            new("detector/stage1/Gelu", "Gelu", 50, 0),
            new("detector/TopK", "TopK", 1.25, 0),
        ]);
        using var output = new StringWriter { NewLine = "\n" };

        ProfileTable.Write(profile, slowest: 3, output);

        Approved.Equal("Cli.profile.model", string.Join("\n", output.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n'));
    }
}
