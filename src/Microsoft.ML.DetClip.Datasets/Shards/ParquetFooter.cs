using System.Buffers.Binary;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Looks whether a Parquet file's footer is whole, before a library reads it that may not end on a damaged one.</summary>
/// <remarks>A footer is one struct in Thrift's compact protocol: every value in it must end inside and be of its field's kind, and no list may claim more elements than there are bytes left.</remarks>
internal ref struct ParquetFooter
{
    private const int MostDepth = 64;
    private const int TrailerSize = 8; // length of the footer, then the magic
    private static readonly byte[] Magic = "PAR1"u8.ToArray();

    // By the number that Thrift gives a type; 0 is none.
    private static readonly ThriftKind[] Kinds =
    [
        default, ThriftKind.Boolean, ThriftKind.Boolean, ThriftKind.Byte, ThriftKind.Integer, ThriftKind.Integer, ThriftKind.Integer, ThriftKind.Double, ThriftKind.Binary,
        ThriftKind.List, ThriftKind.List, ThriftKind.Map, ThriftKind.Struct,
    ];

    private ReadOnlySpan<byte> _rest;

    private ParquetFooter(ReadOnlySpan<byte> footer) => _rest = footer;

    /// <summary>What is wrong with the end of a file; null when nothing is. The stream is left at its start.</summary>
    public static string? ProblemOf(Stream stream, int mostBytes)
    {
        if (stream.Length < Magic.Length + TrailerSize) return "it is shorter than any Parquet file";
        Span<byte> trailer = stackalloc byte[TrailerSize];
        Read(stream, stream.Length - TrailerSize, trailer);
        if (!trailer[4..].SequenceEqual(Magic)) return "it does not end in 'PAR1'";
        var length = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        if (length <= 0 || length > stream.Length - Magic.Length - TrailerSize) return $"its footer would have {length:N0} bytes";
        if (length > mostBytes) return $"its footer has {length:N0} bytes, more than the {mostBytes:N0} that are allowed";
        var bytes = new byte[length];
        Read(stream, stream.Length - TrailerSize - length, bytes);
        stream.Position = 0;
        return new ParquetFooter(bytes).Struct(ParquetStruct.FileMetaData, 0) ? null : "its footer is damaged";
    }

    private static void Read(Stream stream, long position, Span<byte> bytes)
    {
        stream.Position = position;
        stream.ReadExactly(bytes);
    }

    private bool Struct(ParquetStruct? expected, int depth)
    {
        var id = 0L;
        while (Byte(out var header))
        {
            if (header == 0) return true;
            if (header >> 4 is var step and > 0) id += step;
            else if (Varint(out var zigzag)) id = (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
            else return false;
            var field = expected?.Fields.GetValueOrDefault((int)Math.Clamp(id, int.MinValue, int.MaxValue));
            if (!Value(header & 0xF, field, depth, isField: true)) return false;
        }
        return false;
    }

    private bool Value(int type, ParquetField? expected, int depth, bool isField)
    {
        if (type is < 1 or > 12 || depth > MostDepth || (expected is not null && expected.Kind != Kinds[type])) return false;
        return Kinds[type] switch
        {
            ThriftKind.Boolean => isField || Skip(1), // a field's boolean is in its type
            ThriftKind.Byte => Skip(1),
            ThriftKind.Integer => Varint(out _),
            ThriftKind.Double => Skip(8),
            ThriftKind.Binary => Varint(out var length) && Skip(length),
            ThriftKind.List => List(expected?.Item, depth + 1),
            ThriftKind.Map => Map(depth + 1),
            _ => Struct(expected?.Struct, depth + 1),
        };
    }

    private bool List(ParquetField? item, int depth)
    {
        if (!Byte(out var header)) return false;
        var count = (ulong)(header >> 4);
        if (count == 15 && !Varint(out count)) return false;
        if (count > (ulong)_rest.Length) return false; // each element takes a byte at least
        for (var i = 0UL; i < count; i++)
            if (!Value(header & 0xF, item, depth, isField: false)) return false;
        return true;
    }

    private bool Map(int depth)
    {
        if (!Varint(out var count)) return false;
        if (count == 0) return true;
        if (count > (ulong)_rest.Length || !Byte(out var types)) return false;
        for (var i = 0UL; i < count; i++)
            if (!Value(types >> 4, null, depth, isField: false) || !Value(types & 0xF, null, depth, isField: false)) return false;
        return true;
    }

    private bool Varint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && Byte(out var part); shift += 7)
        {
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return true;
        }
        return false;
    }

    private bool Byte(out byte value)
    {
        value = _rest.IsEmpty ? (byte)0 : _rest[0];
        return Skip(1);
    }

    private bool Skip(ulong bytes)
    {
        if (bytes > (ulong)_rest.Length) return false;
        _rest = _rest[(int)bytes..];
        return true;
    }
}
