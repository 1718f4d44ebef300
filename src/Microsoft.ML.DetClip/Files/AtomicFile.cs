namespace Microsoft.ML.DetClip;

/// <summary>Writes a file so that readers see the old content or the whole new content, never a part.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside <paramref name="path"/> and renames; what was written is removed when <paramref name="write"/> throws.</summary>
    /// <param name="path">The file to make or replace; its folder is made when it is missing.</param>
    /// <param name="write">Writes the content; the stream can seek.</param>
    /// <param name="toDisk">Whether to wait until the content is on the disk; without, a crash of the machine may leave a part.</param>
    public static void Write(string path, Action<FileStream> write, bool toDisk = true)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var beside = $"{full}.{Guid.NewGuid():N}.partial";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: toDisk);
            }
            File.Move(beside, full, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
