using System.Formats.Tar;
using System.IO.Compression;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>The files in a tar archive, one after the other. Links, and names that lead out of the archive, are refused.</summary>
internal sealed class TarMembers : IDisposable
{
    private const long MostUnfolding = 100; // JPEG hardly shrinks by gzip, metadata some tenfold
    private const int BlockSize = 512;
    private const long AlwaysAllowed = 64 << 20;
    private readonly string _path;
    private readonly ReadLog _log;
    private readonly FileStream _file;
    private readonly TarReader _tar;
    private readonly bool _isGzip;
    private string _last = "the start";

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public TarMembers(string path, ReadLog log)
    {
        (_path, _log) = (path, log);
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        _isGzip = _file.ReadByte() == 0x1F && _file.ReadByte() == 0x8B;
        _file.Position = 0;
        Stream content = _isGzip ? new LimitedStream(new GZipStream(_file, CompressionMode.Decompress), AlwaysAllowed + MostUnfolding * _file.Length, path) : _file;
        _tar = new TarReader(content, leaveOpen: false);
    }

    /// <summary>The next file; null at the archive's end.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged or cut off, or has a member that is too large.</exception>
    public (string Name, byte[] Bytes)? Next()
    {
        while (Guard(() => _tar.GetNextEntry()) is { } entry)
        {
            _last = $"'{entry.Name}'";
            if (entry.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes) continue;
            if (Problem(entry) is { } problem) _log.Problems.Add(() => $"'{_path}', member '{entry.Name}': {problem}");
            else return (RelativePath.Clean(entry.Name)!, Guard(() => Bytes(entry)));
        }
        CheckEnd();
        return null;
    }

    // A tar archive ends in blocks of zeros; one cut between two members would else seem whole. A gzip stream has an end of its own.
    private void CheckEnd()
    {
        if (_isGzip) return;
        var end = new byte[BlockSize];
        if (_file.Length >= BlockSize && _file.Length % BlockSize == 0)
        {
            _file.Position = _file.Length - BlockSize;
            _file.ReadExactly(end);
            if (!end.AsSpan().ContainsAnyExcept((byte)0)) return;
        }
        throw new InvalidDataException($"'{_path}' after {_last}: cut off: the blocks of zeros that end a tar archive are not there.");
    }

    public void Dispose()
    {
        _tar.Dispose();
        _file.Dispose();
    }

    private string? Problem(TarEntry entry)
    {
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)) return $"it is no file but of type {entry.EntryType}, which is refused";
        if (RelativePath.Clean(entry.Name) is null) return "its name leads out of the archive";
        if (entry.Length > _log.Options.MaxRecordBytes)
            throw new InvalidDataException($"'{_path}', member '{entry.Name}': {entry.Length:N0} bytes, more than the {_log.Options.MaxRecordBytes:N0} that are allowed.");
        return null;
    }

    private static byte[] Bytes(TarEntry entry)
    {
        if (entry.DataStream is not { } stream) return [];
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.Length == entry.Length ? bytes.ToArray() : throw new EndOfStreamException();
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or FormatException or OverflowException or ArgumentException or NotSupportedException
            or InvalidOperationException) // what TarReader throws at PAX headers that are too long
        {
            throw e is InvalidDataException && e.Message.StartsWith($"'{_path}'", StringComparison.Ordinal) ? e
                : new InvalidDataException($"'{_path}' after {_last}: not a tar archive, damaged, or cut off: {e.Message}", e);
        }
    }
}
