using System.Text.RegularExpressions;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>What no file of the repository may say.</summary>
public partial class RepositoryTextTests
{
    [Fact]
    public void No_file_names_a_folder_of_one_machine_or_a_package_host()
    {
        var found = TextFiles().SelectMany(file => File.ReadLines(file).Index()
            .Where(line => MachinePath().IsMatch(line.Item) || PackageHost().IsMatch(line.Item))
            .Select(line => $"{Path.GetRelativePath(RepositoryFiles.Root, file)}:{line.Index + 1}: {line.Item.Trim()}"));
        Assert.Empty(found);
    }

    private static IEnumerable<string> TextFiles() => Directory
        .EnumerateFiles(RepositoryFiles.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.System })
        .Where(f => Path.GetExtension(f) is ".cs" or ".md" or ".csproj" or ".props" or ".targets" or ".config" or ".json" or ".sh" or ".ps1" or ".txt" or ".sln")
        .Where(f => !Ignored().IsMatch(Path.GetRelativePath(RepositoryFiles.Root, f).Replace('\\', '/')));

    [GeneratedRegex(@"(^|/)(bin|obj|artifacts|\.git|TestResults|out)/")]
    private static partial Regex Ignored();

    [GeneratedRegex(@"(?<![\w.$)}])/(home|root|work|Users|tmp)/[a-z]")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"(api|www)\.nuget\.(org)|registry\.npmjs|deb\.debian")]
    private static partial Regex PackageHost();
}
