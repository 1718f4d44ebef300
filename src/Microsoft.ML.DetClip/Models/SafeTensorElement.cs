using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Microsoft.ML.DetClip;

/// <summary>Element types of safetensors as types of .NET.</summary>
internal static class SafeTensorElement
{
    public static SafeTensorType TypeOf<T>() where T : unmanaged => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Boolean => SafeTensorType.Bool,
        TypeCode.Byte => SafeTensorType.U8,
        TypeCode.SByte => SafeTensorType.I8,
        TypeCode.UInt16 => SafeTensorType.U16,
        TypeCode.Int16 => SafeTensorType.I16,
        TypeCode.UInt32 => SafeTensorType.U32,
        TypeCode.Int32 => SafeTensorType.I32,
        TypeCode.UInt64 => SafeTensorType.U64,
        TypeCode.Int64 => SafeTensorType.I64,
        TypeCode.Single => SafeTensorType.F32,
        TypeCode.Double => SafeTensorType.F64,
        _ when typeof(T) == typeof(Half) => SafeTensorType.F16,
        _ => throw new NotSupportedException($"safetensors has no element type for {typeof(T)}."),
    };

    /// <summary>Floating-point elements of any width as singles; false for other types.</summary>
    public static bool TryToSingle(SafeTensorType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (type)
        {
            case SafeTensorType.F32:
                bytes.CopyTo(MemoryMarshal.AsBytes(values));
                return true;
            case SafeTensorType.F64:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), values);
                return true;
            case SafeTensorType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
                return true;
            case SafeTensorType.BF16:
                var upperHalves = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (var i = 0; i < values.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)upperHalves[i] << 16);
                return true;
            default:
                return false;
        }
    }
}
