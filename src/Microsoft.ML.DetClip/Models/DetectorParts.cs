using System.IO.Compression;

namespace Microsoft.ML.DetClip;

/// <summary>Where the named parts of a detector are read from.</summary>
internal abstract class DetectorParts : IDisposable
{
    /// <summary>The bytes of a part; null when there is none of that name.</summary>
    /// <exception cref="InvalidDataException">The part cannot be held in memory.</exception>
    public abstract byte[]? Read(string name);

    public virtual void Dispose() { }

    /// <summary>The parts in a folder, or in a zip of one.</summary>
    public static DetectorParts Open(string path) => Directory.Exists(path) ? new Folder(path) : new Zip(path);

    /// <summary>The parts that a function knows.</summary>
    public static DetectorParts From(Func<string, byte[]?> read) => new Delegated(read);

    /// <summary>Reads a part into an array of its length.</summary>
    /// <exception cref="InvalidDataException">It is too long for one.</exception>
    internal static byte[] Fill(Stream stream, long length, string name)
    {
        if (length > Array.MaxLength) throw new InvalidDataException($"{name} has {length} bytes, more than a part may have ({Array.MaxLength}).");
        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        stream.ReadExactly(bytes);
        return bytes;
    }

    private sealed class Folder(string path) : DetectorParts
    {
        public override byte[]? Read(string name)
        {
            var file = Path.Combine(path, name);
            if (!File.Exists(file)) return null;
            using var stream = File.OpenRead(file);
            return Fill(stream, stream.Length, name);
        }
    }

    // The parts may lie in a folder inside the zip: that of the manifest.
    private sealed class Zip : DetectorParts
    {
        private readonly ZipArchive _zip;
        private readonly string _folder;

        public Zip(string path)
        {
            _zip = OpenZip(path);
            var manifests = _zip.Entries.Where(e => e.Name == DetectorContract.ManifestFile).ToArray();
            if (manifests.Length > 1) throw new InvalidDataException($"holds {manifests.Length} detectors: {string.Join(", ", manifests.Select(m => m.FullName))}.");
            _folder = manifests.Length == 1 ? manifests[0].FullName[..^DetectorContract.ManifestFile.Length] : "";
        }

        public override byte[]? Read(string name)
        {
            if (_zip.Entries.FirstOrDefault(e => e.FullName == _folder + name) is not { } entry) return null;
            using var stream = entry.Open();
            return Fill(stream, entry.Length, name);
        }

        public override void Dispose() => _zip.Dispose();

        private static ZipArchive OpenZip(string path)
        {
            try
            {
                return ZipFile.OpenRead(path);
            }
            catch (InvalidDataException e)
            {
                throw new InvalidDataException("neither a folder nor a zip.", e);
            }
        }
    }

    private sealed class Delegated(Func<string, byte[]?> read) : DetectorParts
    {
        public override byte[]? Read(string name) => read(name);
    }
}
