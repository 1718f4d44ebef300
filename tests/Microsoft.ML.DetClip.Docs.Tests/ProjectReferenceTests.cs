using System.Xml.Linq;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>Who may see whom; see eng/docs/architecture.md.</summary>
public class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Microsoft.ML.DetClip.Loader"] = [], // adr/0002-auto-loading.md
        ["Microsoft.ML.DetClip"] = ["Microsoft.ML.DetClip.Loader"],
        ["Microsoft.ML.DetClip.Datasets"] = ["Microsoft.ML.DetClip"],
        ["Microsoft.ML.DetClip.Evaluation"] = ["Microsoft.ML.DetClip"],
        ["Microsoft.ML.DetClip.Modeling"] = ["Microsoft.ML.DetClip"],
        ["Microsoft.ML.DetClip.Training"] = ["Microsoft.ML.DetClip.Datasets", "Microsoft.ML.DetClip.Evaluation", "Microsoft.ML.DetClip.Modeling"],
        ["Microsoft.ML.DetClip.Cli"] = ["Microsoft.ML.DetClip.Training"],
    };

    public static TheoryData<string> Projects => new(Directory.GetFiles(RepositoryFiles.Path("src"), "*.csproj", SearchOption.AllDirectories)
        .Select(path => Path.GetFileNameWithoutExtension(path)!));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_sees_only_what_it_may(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"{project} is new: say in this test what it may see.");
        Assert.Empty(References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Except(Allowed[project]));
    }

    [Theory]
    [InlineData("Microsoft.ML.DetClip")]
    [InlineData("Microsoft.ML.DetClip.Datasets")]
    [InlineData("Microsoft.ML.DetClip.Evaluation")]
    public void Users_of_inference_never_get_libtorch(string project) =>
        Assert.DoesNotContain(References(project, "PackageReference"), p => p.Contains("torch", StringComparison.OrdinalIgnoreCase));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Libraries_leave_native_packages_to_applications(string project)
    {
        if (project == "Microsoft.ML.DetClip.Cli") return;
        Assert.DoesNotContain(References(project, "PackageReference"), p => p is "Microsoft.ML.OnnxRuntime" or "Microsoft.ML.OnnxRuntime.Gpu" || p.StartsWith("libtorch"));
        Assert.DoesNotContain("UsesTorch>true", File.ReadAllText(ProjectFile(project)));
        Assert.DoesNotContain("UsesOnnxRuntime>true", File.ReadAllText(ProjectFile(project)));
    }

    private static string ProjectFile(string project) => RepositoryFiles.Path("src", project, project + ".csproj");

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(ProjectFile(project)).Descendants(kind).Select(e => (string)e.Attribute("Include")!);
}
