using System.Runtime.InteropServices;

namespace Microsoft.ML.DetClip;

/// <summary>A tensor to be written into a safetensors file: its description, and how to write its bytes when their turn comes.</summary>
/// <param name="Info">Name, type and shape.</param>
/// <param name="WriteTo">Writes exactly <see cref="SafeTensorInfo.ByteCount"/> little-endian bytes, row-major; called once.</param>
public sealed record SafeTensor(SafeTensorInfo Info, Action<Stream> WriteTo)
{
    /// <summary>A tensor whose bytes are in memory.</summary>
    /// <param name="info">Name, type and shape.</param>
    /// <param name="bytes">Little-endian, row-major.</param>
    public SafeTensor(SafeTensorInfo info, ReadOnlyMemory<byte> bytes) : this(info, stream => stream.Write(bytes.Span))
    {
    }

    /// <summary>A tensor of numbers in memory; the element type follows from <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">bool, a fixed-size integer, <see cref="Half"/>, float or double.</typeparam>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="values">Row-major.</param>
    /// <param name="shape">Sizes, slowest axis first.</param>
    public static SafeTensor From<T>(string name, ReadOnlyMemory<T> values, params IReadOnlyList<long> shape) where T : unmanaged =>
        new(new(name, SafeTensorElement.TypeOf<T>(), shape), stream => stream.Write(MemoryMarshal.AsBytes(values.Span)));
}
