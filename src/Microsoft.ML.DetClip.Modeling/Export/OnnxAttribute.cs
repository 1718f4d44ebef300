namespace Microsoft.ML.DetClip.Modeling;

/// <summary>A named setting of an ONNX node.</summary>
/// <remarks>Field numbers are those of AttributeProto in onnx.proto; so are the numbers that say which kind a value is.</remarks>
internal sealed record OnnxAttribute
{
    private const int FloatKind = 1, IntKind = 2, TextKind = 3, IntsKind = 7;

    private readonly Func<ProtoMessage, ProtoMessage> _append;

    private OnnxAttribute(string name, Func<ProtoMessage, ProtoMessage> append) => (Name, _append) = (name, append);

    /// <summary>The setting's name.</summary>
    public string Name { get; }

    /// <summary>A whole number.</summary>
    public static OnnxAttribute Int(string name, long value) => new(name, m => m.Int(3, value).Int(20, IntKind));

    /// <summary>Whole numbers.</summary>
    public static OnnxAttribute Ints(string name, params long[] values) =>
        new(name, m => values.Aggregate(m, (message, value) => message.Int(8, value)).Int(20, IntsKind));

    /// <summary>A number.</summary>
    public static OnnxAttribute Float(string name, double value) => new(name, m => m.Float(2, (float)value).Int(20, FloatKind));

    /// <summary>A word.</summary>
    public static OnnxAttribute Text(string name, string value) => new(name, m => m.Text(4, value).Int(20, TextKind));

    /// <summary>The attribute as a message.</summary>
    public ProtoMessage ToProto() => _append(new ProtoMessage().Text(1, Name));
}
