namespace Microsoft.ML.DetClip.Modeling;

/// <summary>A node: an operator applied to named values.</summary>
internal sealed record OnnxNode(string Name, string Type, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<OnnxAttribute> Attributes);

/// <summary>An input or output of a graph. A size is a number, or a word that stands for one that is known only at run time; null where nothing is said of sizes.</summary>
internal sealed record OnnxPort(string Name, OnnxType Type, IReadOnlyList<object>? Shape);

/// <summary>An ONNX graph that grows node by node. Equal calls make equal graphs.</summary>
/// <remarks>Names of nodes and values start with the path of the part that they belong to: "detector/backbone/stage1/block/Gemm".</remarks>
/// <param name="name">The graph's name.</param>
internal sealed class OnnxGraph(string name)
{
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxPort> _inputs = [];
    private readonly List<OnnxPort> _outputs = [];
    private readonly Dictionary<string, OnnxTensor> _initializers = [];
    private readonly Dictionary<string, int> _uses = [];
    private string _part = "";

    /// <summary>The graph's name.</summary>
    public string Name { get; } = name;

    /// <summary>Version of the standard operators that its nodes may be of.</summary>
    public int Opset { get; init; } = OnnxFile.Opset;

    /// <summary>A graph without nodes, of the same name and version.</summary>
    public OnnxGraph Emptied() => new(Name) { Opset = Opset };

    /// <summary>Nodes, each after those whose results it uses.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>What a caller must give, or may give if there is an initializer of the same name.</summary>
    public IReadOnlyList<OnnxPort> Inputs => _inputs;

    /// <summary>What a caller gets.</summary>
    public IReadOnlyList<OnnxPort> Outputs => _outputs;

    /// <summary>Stored tensors, in the order of their first use.</summary>
    public IReadOnlyCollection<OnnxTensor> Initializers => _initializers.Values;

    /// <summary>Until it is disposed, names start with one more word; a part entered again gets a number: "block", "block_1".</summary>
    public IDisposable Enter(string part) => new Part(this, Unique(_part + part) + "/");

    /// <summary>What names start with now; see <see cref="Return"/>.</summary>
    public string CurrentPart => _part;

    /// <summary>Until it is disposed, names start as they did when <see cref="CurrentPart"/> was asked for.</summary>
    public IDisposable Return(string part) => new Part(this, part);

    /// <summary>Until it is disposed, names start with this path alone.</summary>
    public IDisposable EnterRoot(string path) => new Part(this, path + "/");

    /// <summary>Adds an input.</summary>
    public void AddInput(OnnxPort port) => _inputs.Add(port);

    /// <summary>Names a value as an output.</summary>
    public void AddOutput(OnnxPort port, string value)
    {
        _outputs.Add(port);
        _nodes.Add(new(port.Name, "Identity", [value], [port.Name], []));
    }

    /// <summary>Adds a stored tensor, or finds the one that has this name already.</summary>
    public string Store(OnnxTensor tensor)
    {
        _initializers.TryAdd(tensor.Name, tensor);
        return tensor.Name;
    }

    /// <summary>A constant integer list; equal lists are stored once.</summary>
    public string Integers(params long[] values) => Store(OnnxTensor.Of($"constant/int64[{string.Join(",", values)}]", [values.Length], values));

    /// <summary>A constant integer without axes.</summary>
    public string Integer(long value) => Store(OnnxTensor.Of($"constant/int64({value})", [], value));

    /// <summary>A constant float without axes.</summary>
    public string Number(double value) => Store(OnnxTensor.Of(FormattableString.Invariant($"constant/float({(float)value:R})"), [], (float)value));

    /// <summary>Adds a node of another graph, whose inputs are there.</summary>
    public void Append(OnnxNode node) => _nodes.Add(node);

    /// <summary>Names an output that a node of the graph writes.</summary>
    public void AppendOutput(OnnxPort port) => _outputs.Add(port);

    /// <summary>Adds a node with one result.</summary>
    /// <returns>The result's name.</returns>
    public string Node(string type, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes) => Node(type, inputs, 1, attributes)[0];

    /// <summary>Adds a node with several results.</summary>
    /// <returns>The results' names.</returns>
    public IReadOnlyList<string> Node(string type, IReadOnlyList<string> inputs, int results, params OnnxAttribute[] attributes)
    {
        var nodeName = Unique(_part + type);
        string[] outputs = results == 1 ? [nodeName] : [.. Enumerable.Range(0, results).Select(i => $"{nodeName}:{i}")];
        _nodes.Add(new(nodeName, type, inputs, outputs, attributes));
        return outputs;
    }

    private string Unique(string wanted)
    {
        var use = _uses.GetValueOrDefault(wanted);
        _uses[wanted] = use + 1;
        return use == 0 ? wanted : $"{wanted}_{use}";
    }

    private sealed class Part : IDisposable
    {
        private readonly OnnxGraph _graph;
        private readonly string _outer;

        public Part(OnnxGraph graph, string path) => (_graph, _outer, graph._part) = (graph, graph._part, path);

        public void Dispose() => _graph._part = _outer;
    }
}
