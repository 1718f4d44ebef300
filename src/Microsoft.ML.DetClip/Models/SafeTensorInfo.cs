namespace Microsoft.ML.DetClip;

/// <summary>What the header of a safetensors file says of one tensor.</summary>
/// <param name="Name">Unique in the file; not "__metadata__", which the format keeps for itself.</param>
/// <param name="Type">Type of the elements.</param>
/// <param name="Shape">Sizes, slowest axis first; empty for a scalar, and a size may be 0.</param>
public sealed record SafeTensorInfo(string Name, SafeTensorType Type, IReadOnlyList<long> Shape)
{
    /// <summary>Bytes of one element.</summary>
    public int ElementSize => SizeOf(Type);

    /// <summary>Number of elements: the product of <see cref="Shape"/>.</summary>
    /// <exception cref="OverflowException">The product does not fit in 64 bits.</exception>
    public long Count => Shape.Aggregate(1L, (count, size) => checked(count * size));

    /// <summary>Bytes of the whole tensor.</summary>
    /// <exception cref="OverflowException">The size does not fit in 64 bits.</exception>
    public long ByteCount => checked(Count * ElementSize);

    /// <summary>Where the data begins, counted from the start of the file; 0 in a tensor that is not in a file yet.</summary>
    internal long FileOffset { get; init; }

    /// <summary>Such as "head.weight F32 [256, 96]".</summary>
    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";

    internal static int SizeOf(SafeTensorType type) => type switch
    {
        SafeTensorType.Bool or SafeTensorType.U8 or SafeTensorType.I8 => 1,
        SafeTensorType.U16 or SafeTensorType.I16 or SafeTensorType.F16 or SafeTensorType.BF16 => 2,
        SafeTensorType.U32 or SafeTensorType.I32 or SafeTensorType.F32 => 4,
        SafeTensorType.U64 or SafeTensorType.I64 or SafeTensorType.F64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type of the safetensors format."),
    };
}
