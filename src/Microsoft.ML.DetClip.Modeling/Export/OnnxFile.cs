namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Writes graphs as ONNX files: the wire format of onnx.proto's ModelProto.</summary>
/// <remarks>The bytes depend on nothing but the graph and the metadata, so that equal networks make equal files.</remarks>
internal static class OnnxFile
{
    /// <summary>Version of the standard operators: the last whose InstanceNormalization ONNX Runtime 1.31 runs on CUDA devices (see ADR 3), and one that DirectML knows.</summary>
    public const int Opset = 21;

    /// <summary>The first version with Attention, for graphs that are for CPUs alone.</summary>
    public const int OpsetWithAttention = 23;

    /// <summary>A protobuf message cannot be longer; larger models keep their weights in a file of their own.</summary>
    public const long MaxLength = int.MaxValue;

    /// <summary>Weights of this many bytes or more go to the external file, if there is one.</summary>
    private const int ExternalFrom = 1024;

    /// <summary>External tensors start at multiples of this, so that they can be mapped into memory.</summary>
    private const int PageSize = 4096;

    /// <summary>Writes a model. Old files are replaced only when the new ones are complete.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="path">The model's file.</param>
    /// <param name="metadata">What the file says of itself, by key.</param>
    /// <param name="externalFile">Name of a file in the same folder that takes the weights; null to keep them in the model's file.</param>
    /// <exception cref="InvalidOperationException">The model is longer than <see cref="MaxLength"/>; nothing was written.</exception>
    public static void Save(OnnxGraph graph, string path, IReadOnlyDictionary<string, string> metadata, string? externalFile = null)
    {
        var placed = externalFile is null ? [] : Place(graph.Initializers);
        var model = Model(graph, metadata, tensor => placed.TryGetValue(tensor, out var offset) ? External(tensor, externalFile!, offset) : Inline(tensor));
        if (model.Length > MaxLength) throw TooLong(path, model.Length);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (externalFile is not null) AtomicFile.Write(Path.Combine(folder, externalFile), stream => WriteExternal(stream, placed));
        AtomicFile.Write(path, model.WriteTo);
    }

    /// <summary>Writes a model, its weights included, to a stream.</summary>
    public static void Write(OnnxGraph graph, Stream stream, IReadOnlyDictionary<string, string> metadata) => Model(graph, metadata, Inline).WriteTo(stream);

    /// <summary>A model as a file in memory.</summary>
    public static byte[] ToBytes(OnnxGraph graph)
    {
        using var stream = new MemoryStream();
        Write(graph, stream, new Dictionary<string, string>());
        return stream.ToArray();
    }

    private static InvalidOperationException TooLong(string path, long length) => new(
        $"'{path}' would have {length:N0} bytes; a protobuf file cannot have more than {MaxLength:N0}. Name an external file for the weights, or choose a smaller network.");

    private static ProtoMessage Model(OnnxGraph graph, IReadOnlyDictionary<string, string> metadata, Func<OnnxTensor, ProtoMessage> tensor)
    {
        var model = new ProtoMessage()
            .Int(1, IrVersionOf(graph.Opset))
            .Text(2, "Microsoft.ML.DetClip")
            .Text(3, typeof(OnnxFile).Assembly.GetName().Version!.ToString(3))
            .Message(7, Graph(graph, tensor))
            .Message(8, new ProtoMessage().Text(1, "").Int(2, graph.Opset));
        foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) model.Message(14, Entry(key, value));
        return model;
    }

    // Of the file format that came with a version of the operators.
    private static int IrVersionOf(int opset) => opset >= OpsetWithAttention ? 11 : 10;

    private static ProtoMessage Graph(OnnxGraph graph, Func<OnnxTensor, ProtoMessage> tensor)
    {
        var message = new ProtoMessage();
        foreach (var node in graph.Nodes) message.Message(1, Node(node));
        message.Text(2, graph.Name);
        foreach (var initializer in graph.Initializers) message.Message(5, tensor(initializer));
        foreach (var input in graph.Inputs) message.Message(11, Port(input));
        foreach (var output in graph.Outputs) message.Message(12, Port(output));
        return message;
    }

    private static ProtoMessage Node(OnnxNode node)
    {
        var message = new ProtoMessage();
        foreach (var input in node.Inputs) message.Text(1, input);
        foreach (var output in node.Outputs) message.Text(2, output);
        message.Text(3, node.Name).Text(4, node.Type);
        foreach (var attribute in node.Attributes) message.Message(5, attribute.ToProto());
        return message;
    }

    private static ProtoMessage Port(OnnxPort port)
    {
        var shape = new ProtoMessage();
        foreach (var size in port.Shape ?? []) shape.Message(1, size is string word ? new ProtoMessage().Text(2, word) : new ProtoMessage().Int(1, Convert.ToInt64(size)));
        var tensorType = new ProtoMessage().Int(1, (long)port.Type);
        if (port.Shape is not null) tensorType.Message(2, shape);
        return new ProtoMessage().Text(1, port.Name).Message(2, new ProtoMessage().Message(1, tensorType));
    }

    private static ProtoMessage Header(OnnxTensor tensor) =>
        tensor.Shape.Aggregate(new ProtoMessage(), (message, size) => message.Int(1, size)).Int(2, (long)tensor.Type).Text(8, tensor.Name);

    private static ProtoMessage Inline(OnnxTensor tensor) => Header(tensor).Payload(9, tensor.Length, tensor.Write);

    private static ProtoMessage External(OnnxTensor tensor, string file, long offset) => Header(tensor)
        .Message(13, Entry("location", file))
        .Message(13, Entry("offset", offset.ToString()))
        .Message(13, Entry("length", tensor.Length.ToString()))
        .Int(14, 1);

    private static ProtoMessage Entry(string key, string value) => new ProtoMessage().Text(1, key).Text(2, value);

    /// <summary>Where in the external file each large tensor starts.</summary>
    private static Dictionary<OnnxTensor, long> Place(IEnumerable<OnnxTensor> tensors)
    {
        var offsets = new Dictionary<OnnxTensor, long>(ReferenceEqualityComparer.Instance);
        var end = 0L;
        foreach (var tensor in tensors.Where(t => t.Length >= ExternalFrom))
        {
            offsets[tensor] = (end + PageSize - 1) / PageSize * PageSize;
            end = offsets[tensor] + tensor.Length;
        }
        return offsets;
    }

    private static void WriteExternal(Stream stream, Dictionary<OnnxTensor, long> offsets)
    {
        foreach (var (tensor, offset) in offsets)
        {
            stream.Position = offset;
            tensor.Write(stream);
        }
    }
}
