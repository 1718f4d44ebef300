using System.Text.RegularExpressions;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>Pages that say which test covers what must not outlive the test.</summary>
public partial class NamedTestsTests
{
    [Fact]
    public void Tests_that_a_page_names_exist()
    {
        var page = File.ReadAllText(RepositoryFiles.Path("eng", "docs", "training.md"));
        var sources = Directory.EnumerateFiles(RepositoryFiles.Path("tests"), "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();

        string[] named = [.. TestName().Matches(page).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(sources, source => source.Contains($" {name}(", StringComparison.Ordinal)));
    }

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
