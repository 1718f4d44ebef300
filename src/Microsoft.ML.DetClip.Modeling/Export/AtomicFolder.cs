namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Writes a folder of files so that readers see the old files or all new ones, never a mixture.</summary>
internal static class AtomicFolder
{
    /// <summary>Fills a folder beside <paramref name="folder"/>, then puts it in its place; what was written is removed when <paramref name="write"/> throws.</summary>
    /// <param name="folder">The folder to make or replace.</param>
    /// <param name="own">Names of files that may be replaced.</param>
    /// <param name="write">Gets the path of the folder to fill.</param>
    /// <exception cref="IOException">The folder holds something else than <paramref name="own"/>, which is left alone, or is a file.</exception>
    public static void Write(string folder, IReadOnlyCollection<string> own, Action<string> write)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RefuseForeign(target, own);
        var beside = $"{target}.{Guid.NewGuid():N}.partial";
        Directory.CreateDirectory(beside);
        try
        {
            write(beside);
            Replace(target, beside);
        }
        finally
        {
            if (Directory.Exists(beside)) Directory.Delete(beside, recursive: true);
        }
    }

    private static void RefuseForeign(string target, IReadOnlyCollection<string> own)
    {
        if (File.Exists(target)) throw new IOException($"'{target}' is a file; a folder is to be written there. Choose another path.");
        if (!Directory.Exists(target)) return;
        var foreign = Directory.EnumerateFileSystemEntries(target).Select(Path.GetFileName).FirstOrDefault(name => !own.Contains(name));
        if (foreign is not null) throw new IOException($"'{target}' holds '{foreign}', which is not ours to replace. Choose an empty or new folder.");
    }

    private static void Replace(string target, string beside)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(beside, target);
            return;
        }
        var old = $"{beside}.old";
        Directory.Move(target, old);
        Directory.Move(beside, target);
        Directory.Delete(old, recursive: true);
    }
}
