using System.Text.Json.Serialization;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What a node of a graph took.</summary>
/// <param name="Name">The node's name, which starts with the part of the network that it belongs to.</param>
/// <param name="Kind">The operator, as ONNX Runtime ran it: fusions have names of their own.</param>
/// <param name="Milliseconds">Mean over the faster half of the runs.</param>
/// <param name="Operations">Products and sums of its matrix products and convolutions, a multiply-add being two; 0 for all other operators.</param>
internal sealed record NodeTime(string Name, string Kind, double Milliseconds, double Operations)
{
    /// <summary>Thousand million operations a second.</summary>
    public double Rate => Milliseconds > 0 ? Operations / Milliseconds / 1e6 : 0;
}

/// <summary>How fast the machine multiplies matrices when nothing else has to be done, in thousand million operations a second.</summary>
/// <param name="Product">Two matrices of 1024×1024.</param>
/// <param name="Convolution">3×3, 256 to 256 channels, on a map of 100×168.</param>
internal sealed record MatrixRate(double Product, double Convolution);

/// <summary>Where the time of a graph goes, operator by operator, beside what the machine could do in the same minutes.</summary>
/// <param name="Height">Of the images, in pixels.</param>
/// <param name="Width">Of the images, in pixels.</param>
/// <param name="Batch">Images at once.</param>
/// <param name="Concepts">Names looked for.</param>
/// <param name="Threads">Threads of ONNX Runtime; 0 for as many as there are cores.</param>
/// <param name="Runs">Runs; the slower half of them, rounded down, does not count.</param>
/// <param name="Milliseconds">Of a whole run, mean over the faster half; what is not in a node passes between nodes.</param>
/// <param name="Machine">The machine's rate, measured between the runs, means of the faster half.</param>
/// <param name="Nodes">All nodes, in the order in which they ran.</param>
internal sealed record GraphProfile(
    int Height, int Width, int Batch, int Concepts, int Threads, int Runs, double Milliseconds, MatrixRate Machine, IReadOnlyList<NodeTime> Nodes)
{
    /// <summary>Operations of all nodes.</summary>
    public double Operations => Nodes.Sum(n => n.Operations);

    /// <summary>The whole graph's thousand million operations a second.</summary>
    public double Rate => Operations / Milliseconds / 1e6;

    /// <summary>Share of <see cref="MatrixRate"/>'s product that the whole graph reaches.</summary>
    public double ShareOfProduct => Rate / Machine.Product;

    /// <summary>Share of <see cref="MatrixRate"/>'s convolution that the whole graph reaches.</summary>
    public double ShareOfConvolution => Rate / Machine.Convolution;

    /// <summary>Nodes of one operator taken together, the slowest operator first; their name is empty.</summary>
    [JsonIgnore]
    public IReadOnlyList<(int Count, NodeTime Total)> Kinds =>
    [
        .. Nodes.GroupBy(n => n.Kind).Select(kind => (kind.Count(), new NodeTime("", kind.Key, kind.Sum(n => n.Milliseconds), kind.Sum(n => n.Operations))))
            .OrderByDescending(kind => kind.Item2.Milliseconds).ThenBy(kind => kind.Item2.Kind, StringComparer.Ordinal),
    ];

    /// <summary>The nodes that took longest.</summary>
    public IEnumerable<NodeTime> Slowest(int count) => Nodes.OrderByDescending(n => n.Milliseconds).ThenBy(n => n.Name, StringComparer.Ordinal).Take(count);
}
