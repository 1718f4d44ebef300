namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Writes a folder so that it is there whole or not at all.</summary>
internal static class NewFolder
{
    /// <summary>Writes beside the path, then renames; what was written is removed when <paramref name="write"/> throws.</summary>
    /// <exception cref="IOException">There is something at the path already.</exception>
    public static void Write(string path, Action<string> write)
    {
        var full = Path.GetFullPath(path);
        if (Path.Exists(full)) throw new IOException($"There is '{path}' already; choose another place, or remove it.");
        var beside = $"{full}.{Guid.NewGuid():N}.partial";
        Directory.CreateDirectory(beside);
        try
        {
            write(beside);
            Directory.Move(beside, full);
        }
        catch
        {
            Directory.Delete(beside, recursive: true);
            throw;
        }
    }
}
