using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Element types of ONNX tensors that the detector uses, with the numbers of TensorProto.DataType in onnx.proto.</summary>
internal enum OnnxType
{
    /// <summary>32-bit float.</summary>
    Float = 1,

    /// <summary>8-bit integer, 0 to 255.</summary>
    UInt8 = 2,

    /// <summary>8-bit integer, −128 to 127.</summary>
    Int8 = 3,

    /// <summary>32-bit integer.</summary>
    Int32 = 6,

    /// <summary>16-bit float.</summary>
    Float16 = 10,

    /// <summary>64-bit integer.</summary>
    Int64 = 7,
}

/// <summary>A tensor stored in the model: weights or a constant. Its bytes are fetched when they are written.</summary>
/// <param name="Name">Its name in the graph; for weights, their key in the state dictionary.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes of its axes.</param>
/// <param name="Write">Writes the elements in order, little-endian.</param>
internal sealed record OnnxTensor(string Name, OnnxType Type, IReadOnlyList<long> Shape, Action<Stream> Write)
{
    /// <summary>Bytes of all elements.</summary>
    public long Length => Shape.Aggregate(ElementSize, (product, size) => product * size);

    /// <summary>Weights, written as 32-bit floats whatever they are kept as. The tensor must live until the model is written.</summary>
    public static OnnxTensor Of(string name, Tensor weights) => new(name, OnnxType.Float, weights.shape, stream => WriteFloats(stream, weights));

    /// <summary>Integers.</summary>
    public static OnnxTensor Of(string name, IReadOnlyList<long> shape, params long[] values) =>
        new(name, OnnxType.Int64, shape, stream => stream.Write(MemoryMarshal.AsBytes<long>(values)));

    /// <summary>Floats.</summary>
    public static OnnxTensor Of(string name, IReadOnlyList<long> shape, params float[] values) =>
        new(name, OnnxType.Float, shape, stream => stream.Write(MemoryMarshal.AsBytes<float>(values)));

    /// <summary>Numbers of a type that says itself how they are kept.</summary>
    public static OnnxTensor Of<T>(string name, OnnxType type, IReadOnlyList<long> shape, T[] values) where T : unmanaged =>
        new(name, type, shape, stream => stream.Write(MemoryMarshal.AsBytes<T>(values)));

    private long ElementSize => Type switch
    {
        OnnxType.UInt8 or OnnxType.Int8 => 1,
        OnnxType.Float16 => 2,
        OnnxType.Int64 => 8,
        _ => 4,
    };

    private static void WriteFloats(Stream stream, Tensor weights)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        stream.Write(weights.detach().to(float32).cpu().contiguous().bytes);
    }
}
