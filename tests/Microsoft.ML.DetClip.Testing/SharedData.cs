namespace Microsoft.ML.DetClip.Testing;

/// <summary>Third-party data and official results, which the repository does not hold: the folder "shared" beside it, where there is one.</summary>
public static class SharedData
{
    private static readonly string? Root = Find();

    /// <summary>True when the folder and everything named below it exist.</summary>
    public static bool Has(params string[] paths) => Root is not null && paths.All(p => System.IO.Path.Exists(System.IO.Path.Combine(Root, p)));

    /// <summary>Why a test that needs these is skipped; null where all are there.</summary>
    internal static string? ReasonToSkip(params string[] needs) => Has(needs) ? null : $"needs {string.Join(", ", needs)} in the folder 'shared' beside the repository";

    /// <summary>Full path of a file or folder below "shared".</summary>
    public static string Path(string relative) =>
        System.IO.Path.Combine(Root ?? throw new InvalidOperationException("The folder 'shared' is not there; use SharedFact."), relative);

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Microsoft.ML.DetClip.sln")))
            {
                var shared = System.IO.Path.Combine(folder.FullName, "..", "shared");
                return Directory.Exists(shared) ? System.IO.Path.GetFullPath(shared) : null;
            }
        }
        return null;
    }
}
