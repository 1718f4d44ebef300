using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>An event as TensorBoard would read it.</summary>
internal sealed record RecordedEvent(double WallTime, long Step, string? FileVersion, int? SessionStatus, string? Tag, float? Scalar, byte[]? Picture, long Width, long Height);

/// <summary>Reads event files with nothing of what writes them: record frames, checksums bit by bit, protobuf fields.</summary>
internal static class EventReader
{
    public static IReadOnlyList<RecordedEvent> Read(string path)
    {
        var events = new List<RecordedEvent>();
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        while (file.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            Assert.Equal(Masked(file[..8]), BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
            Assert.Equal(Masked(file.Slice(12, length)), BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]));
            events.Add(Event(file.Slice(12, length).ToArray()));
            file = file[(16 + length)..];
        }
        return events;
    }

    /// <summary>CRC-32C by its definition: reflected, polynomial 1EDC6F41, all bits inverted before and after.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
        }
        return ~crc;
    }

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = Crc32C(data);
        return unchecked((crc >> 15 | crc << 17) + 0xa282ead8);
    }

    private static RecordedEvent Event(byte[] data)
    {
        var fields = Fields(data);
        var value = Bytes(fields, 5) is { } summary ? Fields(Bytes(Fields(summary), 1)!) : [];
        var picture = Bytes(value, 4) is { } image ? Fields(image) : [];
        return new(
            BitConverter.Int64BitsToDouble((long)Number(fields, 1)!), (long)(Number(fields, 2) ?? 0), Text(fields, 3),
            Bytes(fields, 7) is { } session ? (int?)Number(Fields(session), 1) : null,
            Text(value, 1), Number(value, 2) is { } bits ? BitConverter.UInt32BitsToSingle((uint)bits) : null,
            Bytes(picture, 4), (long)(Number(picture, 2) ?? 0), (long)(Number(picture, 1) ?? 0));
    }

    private static ulong? Number(Dictionary<int, object> fields, int field) => fields.TryGetValue(field, out var value) ? (ulong)value : null;

    private static byte[]? Bytes(Dictionary<int, object> fields, int field) => fields.TryGetValue(field, out var value) ? (byte[])value : null;

    private static string? Text(Dictionary<int, object> fields, int field) => Bytes(fields, field) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static Dictionary<int, object> Fields(byte[] data)
    {
        var fields = new Dictionary<int, object>();
        for (var at = 0; at < data.Length;)
        {
            var tag = Varint(data, ref at);
            object value = (tag & 7) switch
            {
                0 => Varint(data, ref at),
                1 => BinaryPrimitives.ReadUInt64LittleEndian(Take(data, ref at, 8)),
                2 => Take(data, ref at, (int)Varint(data, ref at)),
                5 => (ulong)BinaryPrimitives.ReadUInt32LittleEndian(Take(data, ref at, 4)),
                var type => throw new InvalidDataException($"wire type {type}"),
            };
            fields.Add((int)(tag >> 3), value);
        }
        return fields;
    }

    private static byte[] Take(byte[] data, ref int at, int count)
    {
        at += count;
        return data[(at - count)..at];
    }

    private static ulong Varint(byte[] data, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var next = data[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}
