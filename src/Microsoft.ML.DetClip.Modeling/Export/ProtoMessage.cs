using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>A message in protobuf's wire format, built field by field. Payloads are not held: they are written when the message is.</summary>
/// <remarks>Wire types as in protobuf's encoding guide: 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes.</remarks>
internal sealed class ProtoMessage
{
    private readonly MemoryStream _bytes = new();
    private readonly List<(long At, long Length, Action<Stream> Write)> _payloads = [];

    /// <summary>Bytes of the whole message, payloads included.</summary>
    public long Length => _bytes.Length + _payloads.Sum(p => p.Length);

    /// <summary>Appends an integer, an enumeration's number or a truth value.</summary>
    public ProtoMessage Int(int field, long value)
    {
        Tag(field, wireType: 0);
        Varint((ulong)value);
        return this;
    }

    /// <summary>Appends a float.</summary>
    public ProtoMessage Float(int field, float value)
    {
        Tag(field, wireType: 5);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Appends a double.</summary>
    public ProtoMessage Double(int field, double value)
    {
        Tag(field, wireType: 1);
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Appends a text.</summary>
    public ProtoMessage Text(int field, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Tag(field, wireType: 2);
        Varint((ulong)bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Appends a message, which must be complete.</summary>
    public ProtoMessage Message(int field, ProtoMessage message) => Payload(field, message.Length, message.WriteTo);

    /// <summary>Appends bytes that are fetched only when the message is written.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="length">How many bytes <paramref name="write"/> will write.</param>
    /// <param name="write">Writes them; called once for each time that the message is written.</param>
    public ProtoMessage Payload(int field, long length, Action<Stream> write)
    {
        Tag(field, wireType: 2);
        Varint((ulong)length);
        _payloads.Add((_bytes.Length, length, write));
        return this;
    }

    /// <summary>Writes the message; its bytes depend on nothing but its fields.</summary>
    public void WriteTo(Stream stream)
    {
        var bytes = _bytes.GetBuffer();
        var at = 0;
        foreach (var payload in _payloads)
        {
            stream.Write(bytes, at, (int)payload.At - at);
            payload.Write(stream);
            at = (int)payload.At;
        }
        stream.Write(bytes, at, (int)_bytes.Length - at);
    }

    private void Tag(int field, int wireType) => Varint((ulong)(field << 3 | wireType));

    /// <summary>Seven bits to a byte, lowest first; the top bit says that more follow.</summary>
    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.WriteByte((byte)(value | 0x80));
        _bytes.WriteByte((byte)value);
    }
}
