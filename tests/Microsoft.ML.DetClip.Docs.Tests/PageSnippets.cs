using System.Text.RegularExpressions;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>The C# that a page shows, compared with the source that a test compiles.</summary>
internal static partial class PageSnippets
{
    /// <summary>Tests that run snippets work in a folder of their own, which a process has one of.</summary>
    public const string CurrentFolder = "current folder";

    /// <summary>Fails when a snippet of a page is not in a source file of this project, whatever the indentation.</summary>
    public static void AssertCompiled(string page, string sourceFile)
    {
        var compiled = Unindented(File.ReadAllText(RepositoryFiles.Path("tests", "Microsoft.ML.DetClip.Docs.Tests", sourceFile)));
        var snippets = Snippet().Matches(page.ReplaceLineEndings("\n")).Select(m => Unindented(m.Groups[1].Value)).ToList();

        Assert.NotEmpty(snippets);
        Assert.All(snippets, snippet => Assert.Contains(snippet, compiled));
    }

    // Lines without what is before them and without empty ones: a snippet may be indented where it is compiled.
    private static string Unindented(string text) => string.Join("\n", text.ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0));

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
