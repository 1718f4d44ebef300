using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.DetClip.Tests;

/// <summary>Writes small ONNX files: just enough of the format for graphs of a few nodes with constants.</summary>
internal sealed class OnnxFile
{
    private const int Opset = 18;
    private const int IrVersion = 8;

    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _initializers = [];
    private readonly List<byte[]> _inputs = [];
    private readonly List<byte[]> _outputs = [];

    public const int Float = 1;
    public const int Int64 = 7;

    public string Input(string name, int type, params object[] shape)
    {
        _inputs.Add(ValueInfo(name, type, shape));
        return name;
    }

    public void Output(string name, int type, params object[] shape) => _outputs.Add(ValueInfo(name, type, shape));

    public string Constant(ReadOnlySpan<float> values, params long[] shape) => Initializer($"c{_initializers.Count}", Float, MemoryMarshal.AsBytes(values), shape);

    public string Constant(ReadOnlySpan<long> values, params long[] shape) => Initializer($"c{_initializers.Count}", Int64, MemoryMarshal.AsBytes(values), shape);

    public string Initializer(string name, int type, ReadOnlySpan<byte> data, params long[] shape)
    {
        _initializers.Add([.. shape.SelectMany(d => Number(1, d)), .. Number(2, type), .. Text(8, name), .. Bytes(9, data)]);
        return name;
    }

    /// <summary>A node with one output; attributes are whole numbers.</summary>
    public string Node(string type, string[] inputs, string? output = null, params (string Name, long Value)[] attributes) =>
        Nodes(type, inputs, [output ?? $"n{_nodes.Count}"], attributes)[0];

    public string[] Nodes(string type, string[] inputs, string[] outputs, params (string Name, long Value)[] attributes)
    {
        _nodes.Add([.. inputs.SelectMany(i => Text(1, i)), .. outputs.SelectMany(o => Text(2, o)), .. Text(4, type),
            .. attributes.SelectMany(a => Bytes(5, [.. Text(1, a.Name), .. Number(3, a.Value), .. Number(20, 2)]))]);
        return outputs;
    }

    public byte[] ToBytes()
    {
        byte[] graph = [.. _nodes.SelectMany(n => Bytes(1, n)), .. Text(2, "toy"), .. _initializers.SelectMany(i => Bytes(5, i)),
            .. _inputs.SelectMany(i => Bytes(11, i)), .. _outputs.SelectMany(o => Bytes(12, o))];
        return [.. Number(1, IrVersion), .. Bytes(7, graph), .. Bytes(8, [.. Text(1, ""), .. Number(2, Opset)])];
    }

    private static byte[] ValueInfo(string name, int type, object[] shape)
    {
        var dimensions = shape.SelectMany(d => Bytes(1, d is string free ? Text(2, free) : Number(1, Convert.ToInt64(d))));
        byte[] tensor = [.. Number(1, type), .. Bytes(2, [.. dimensions])];
        return [.. Text(1, name), .. Bytes(2, Bytes(1, tensor))];
    }

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int field, ReadOnlySpan<byte> content) => [.. Varint((ulong)field << 3 | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static List<byte> Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return bytes;
    }
}
