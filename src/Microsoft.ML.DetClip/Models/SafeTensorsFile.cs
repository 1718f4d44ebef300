using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.DetClip;

/// <summary>A safetensors file: named tensors and nothing that could run. The header is read and checked at once, data only when asked for.</summary>
/// <remarks>Format: 8 bytes header length, JSON header, data part; all little-endian. Reading is thread-safe.</remarks>
public sealed class SafeTensorsFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, SafeTensorInfo> _byName;

    private SafeTensorsFile(string path, SafeFileHandle file, List<SafeTensorInfo> tensors, Dictionary<string, string> metadata)
    {
        (Path, _file, Tensors, Metadata) = (path, file, tensors, metadata);
        _byName = tensors.ToDictionary(t => t.Name);
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<SafeTensorInfo> Tensors { get; }

    /// <summary>Free texts of the writer; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public SafeTensorInfo this[string name] => _byName.TryGetValue(name, out var info) ? info : throw new KeyNotFoundException(
        $"'{Path}' has no tensor '{name}'; it has {Tensors.Count}: {string.Join(", ", Tensors.Take(5).Select(t => t.Name))}{(Tensors.Count > 5 ? ", …" : "")}.");

    /// <summary>True when there is a tensor of that name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Opens a file, and reads and checks its header.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a whole safetensors file; says what is wrong.</exception>
    public static SafeTensorsFile Open(string path)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        try
        {
            var (header, dataStart) = ReadHeader(file);
            var (tensors, metadata) = SafeTensorsHeader.Parse(header, dataStart, RandomAccess.GetLength(file) - dataStart);
            return new(path, file, tensors, metadata);
        }
        catch (InvalidDataException e)
        {
            file.Dispose();
            throw new InvalidDataException($"'{path}' cannot be read: {e.Message}.", e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes tensors beside <paramref name="path"/> and renames, so that a reader never sees half a file. Data is streamed, one tensor at a time.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="tensors">Written widest elements first, so that all are aligned; otherwise in this order.</param>
    /// <param name="metadata">Free texts.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, a name is reserved, or a tensor wrote another number of bytes than its shape says.</exception>
    public static void Write(string path, IEnumerable<SafeTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors.OrderByDescending(t => t.Info.ElementSize).ToArray();
        CheckNames(ordered);
        var header = SafeTensorsHeader.Format(ordered.Select(t => t.Info), metadata ?? new Dictionary<string, string>());
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var tensor in ordered) WriteData(stream, tensor);
        });
    }

    /// <summary>The elements of a tensor, row-major.</summary>
    /// <typeparam name="T">Must be the element type in the file: nothing is converted.</typeparam>
    /// <exception cref="InvalidDataException">The file holds another element type.</exception>
    public T[] Read<T>(string name) where T : unmanaged
    {
        var info = this[name];
        if (info.Type != SafeTensorElement.TypeOf<T>()) throw new InvalidDataException($"'{Path}': '{info}' was to be read as {typeof(T).Name}.");
        var values = new T[info.Count];
        ReadBytes(info, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>The elements of a floating-point tensor of any width, row-major, as singles.</summary>
    /// <exception cref="InvalidDataException">The tensor is not of floating point.</exception>
    public float[] ReadSingles(string name)
    {
        var info = this[name];
        var bytes = new byte[info.ByteCount];
        ReadBytes(info, bytes);
        var values = new float[info.Count];
        return SafeTensorElement.TryToSingle(info.Type, bytes, values) ? values : throw new InvalidDataException($"'{Path}': '{info}' is not of floating point.");
    }

    /// <summary>Copies bytes of a tensor as they are in the file: for tensors beyond 2 GB, or straight into native memory.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">Filled completely.</param>
    /// <param name="offset">First byte to copy, counted from the tensor's start.</param>
    /// <exception cref="ArgumentOutOfRangeException">The wanted part is not inside the tensor.</exception>
    public void ReadBytes(SafeTensorInfo tensor, Span<byte> destination, long offset = 0)
    {
        if (offset < 0 || offset > tensor.ByteCount - destination.Length)
            throw new ArgumentOutOfRangeException(nameof(offset), $"Bytes {offset} to {offset + destination.Length} are not inside '{tensor}', which has {tensor.ByteCount}.");
        for (var at = this[tensor.Name].FileOffset + offset; destination.Length > 0;)
        {
            var read = RandomAccess.Read(_file, destination, at);
            if (read == 0) throw new EndOfStreamException($"'{Path}' was cut short while it was open.");
            destination = destination[read..];
            at += read;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static (byte[] Header, long DataStart) ReadHeader(SafeFileHandle file)
    {
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        if (RandomAccess.Read(file, prefix, 0) < prefix.Length) throw new InvalidDataException("it is shorter than 8 bytes");
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        var available = RandomAccess.GetLength(file) - prefix.Length;
        if (length is < 2 or > SafeTensorsHeader.MaxLength || length > available)
            throw new InvalidDataException($"its first 8 bytes should be the length of the header but say {length}, with {available} bytes following");
        var header = new byte[length];
        if (RandomAccess.Read(file, header, prefix.Length) < length) throw new InvalidDataException("its header is cut short");
        return (header, prefix.Length + length);
    }

    private static void CheckNames(SafeTensor[] tensors)
    {
        var names = new HashSet<string>();
        foreach (var (info, _) in tensors)
            if (info.Name == SafeTensorsHeader.MetadataKey || !names.Add(info.Name))
                throw new ArgumentException($"The tensor name '{info.Name}' is {(names.Contains(info.Name) ? "used twice" : "reserved by the format")}.", nameof(tensors));
    }

    private static void WriteData(FileStream stream, SafeTensor tensor)
    {
        var start = stream.Position;
        tensor.WriteTo(stream);
        if (stream.Position - start != tensor.Info.ByteCount)
            throw new ArgumentException($"'{tensor.Info}' needs {tensor.Info.ByteCount} bytes but {stream.Position - start} were written.");
    }
}
