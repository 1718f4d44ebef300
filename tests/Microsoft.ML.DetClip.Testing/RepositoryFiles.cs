namespace Microsoft.ML.DetClip.Testing;

/// <summary>Files of the repository that tests read: approved texts and goldens.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that holds Microsoft.ML.DetClip.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>Full path of a file below the root.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Microsoft.ML.DetClip.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests must run inside the repository: Microsoft.ML.DetClip.sln was not found above them.");
    }
}
