namespace DetClip.Samples;

/// <summary>The files that samples start from: those that QuickStart leaves, unless the command line names others.</summary>
internal static class SampleFiles
{
    private static readonly string QuickStart = Path.Combine("out", "quickstart");

    /// <summary>A trained detector.</summary>
    public static string Detector { get; } = Path.Combine(QuickStart, "detector.zip");

    /// <summary>The same network as a checkpoint, from which training goes on.</summary>
    public static string Checkpoint { get; } = Path.Combine(QuickStart, "run", "last.safetensors");

    /// <summary>COCO file of what the detector was trained on; the images lie beside it.</summary>
    public static string Train { get; } = Path.Combine(QuickStart, "world", "detection.json");

    /// <summary>COCO file of what it has not seen.</summary>
    public static string Test { get; } = Path.Combine(QuickStart, "world", "test.json");

    /// <summary>Whether all of them are there; says what to do where one is not.</summary>
    public static bool AreThere(params IReadOnlyList<string> paths)
    {
        foreach (var path in paths.Where(p => !Path.Exists(p)))
            Console.Error.WriteLine($"There is no '{path}'. Run samples/QuickStart first, or name another on the command line.");
        return paths.All(Path.Exists);
    }

    /// <summary>The folder that a file lies in.</summary>
    public static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
