using Microsoft.ML.DetClip.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Learned offsets for the embeddings of some concepts; zero at first. F concepts, K concepts of a batch, D embedding width.</summary>
internal sealed class EmbeddingOffsets : Layer
{
    private readonly Dictionary<string, long> _rows;
    private readonly LayerWeight _offsets; // [F, D]

    /// <param name="concepts">Those that get an offset; told apart by their sentences.</param>
    /// <param name="width">D, of embeddings ready for the product.</param>
    public EmbeddingOffsets(IReadOnlyList<Concept> concepts, long width) : base(nameof(EmbeddingOffsets))
    {
        _rows = concepts.Index().ToDictionary(c => c.Item.Sentence, c => (long)c.Index, StringComparer.OrdinalIgnoreCase);
        using var scope = NewDisposeScope();
        _offsets = Weight("offsets", zeros(concepts.Count, width));
        _offsets.Value.DetachFromDisposeScope();
    }

    /// <summary>Whether a run of this mode learns offsets.</summary>
    public static bool AreLearned(FineTuningMode mode) => mode is FineTuningMode.OffsetsOnly or FineTuningMode.ClosedSet;

    /// <summary>The offsets of a network's concepts. They need the network's embedding width as it leaves the text encoder.</summary>
    public static EmbeddingOffsets For(DetClipConfig network, IReadOnlyList<Concept> concepts) =>
        new(concepts, ConceptSimilarity.OutputWidth(network.Similarity, network.EmbeddingWidth));

    /// <summary>Embeddings with the offsets of their concepts: [K, D]. Rows without an offset keep every bit.</summary>
    public Tensor AddTo(Tensor embeddings, IReadOnlyList<Concept> concepts)
    {
        using var scope = NewDisposeScope();
        var none = _rows.Count;
        var rows = tensor([.. concepts.Select(c => _rows.TryGetValue(c.Sentence, out var row) ? row : none)], device: embeddings.device); // [K]
        var table = cat([_offsets.Value, zeros([1, _offsets.Value.shape[1]], device: embeddings.device)]);                               // [F + 1, D]
        return embeddings.Plus(table.index_select(0, rows)).MoveToOuterDisposeScope();
    }

    /// <summary>What was learned, as a file can hold it.</summary>
    /// <param name="baseHash">Of the exported network.</param>
    public EmbeddingDelta ToDelta(string baseHash)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var width = (int)_offsets.Value.shape[1];
        var rows = _offsets.Value.detach().cpu().contiguous().data<float>().ToArray();
        return new(baseHash, width, _rows.ToDictionary(row => row.Key, row => rows.AsSpan((int)row.Value * width, width).ToArray()));
    }
}
