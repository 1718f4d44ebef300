using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.DetClip;

/// <summary>Checks that an ONNX graph has the tensors of <see cref="DetectorContract"/>, and names all that it has not.</summary>
internal static class GraphContract
{
    /// <exception cref="InvalidDataException">The graph is of another contract; names every difference.</exception>
    public static void CheckImageGraph(InferenceSession session, int embeddingWidth, int? frozenConcepts = null)
    {
        Tensor[] outputs =
        [
            new(DetectorContract.Boxes, TensorElementType.Float, ["N", "R", 4]),
            new(DetectorContract.Scores, TensorElementType.Float, ["N", "R", frozenConcepts is { } count ? count : "K"]),
            new(DetectorContract.Embeddings, TensorElementType.Float, ["N", "R", embeddingWidth]),
            new(DetectorContract.Locations, TensorElementType.Int64, ["N", "R"]),
        ];
        var qualities = new Tensor(DetectorContract.Qualities, TensorElementType.Float, ["N", "R"]); // older graphs lack it
        if (session.OutputMetadata.ContainsKey(DetectorContract.Qualities)) outputs = [.. outputs, qualities];
        Check(DetectorContract.ImageGraphFile,
            Differences("input", Inputs(session), [
                new(DetectorContract.Pixels, TensorElementType.Float, ["N", 3, "H", "W"]),
                .. frozenConcepts is null ? (Tensor[])[new(DetectorContract.Concepts, TensorElementType.Float, ["K", embeddingWidth])] : [],
                new(DetectorContract.MaxRegions, TensorElementType.Int64, [1])]),
            Differences("output", session.OutputMetadata, outputs));
    }

    /// <exception cref="InvalidDataException">The graph is of another contract; names every difference.</exception>
    public static void CheckTextGraph(InferenceSession session, int embeddingWidth, int textLength) => Check(DetectorContract.TextGraphFile,
        Differences("input", session.InputMetadata, [new(DetectorContract.Tokens, TensorElementType.Int64, ["K", textLength])]),
        Differences("output", session.OutputMetadata, [new(DetectorContract.Concepts, TensorElementType.Float, ["K", embeddingWidth])]));

    /// <summary>A session that passes a check; it is disposed when it does not.</summary>
    public static InferenceSession Checked(InferenceSession session, Action<InferenceSession> check)
    {
        try
        {
            check(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // An input that may be left out is an initialiser that may be overridden.
    private static Dictionary<string, NodeMetadata> Inputs(InferenceSession session) =>
        session.InputMetadata.Concat(session.OverridableInitializerMetadata).ToDictionary(i => i.Key, i => i.Value);

    private static void Check(string file, params IEnumerable<string>[] differences)
    {
        var all = differences.SelectMany(d => d).ToArray();
        if (all.Length > 0) throw new InvalidDataException($"{file} is not the graph of a detector: {string.Join("; ", all)}. Export it with Microsoft.ML.DetClip.Modeling.");
    }

    private static IEnumerable<string> Differences(string kind, IReadOnlyDictionary<string, NodeMetadata> actual, Tensor[] expected)
    {
        foreach (var tensor in expected)
            if (!actual.TryGetValue(tensor.Name, out var found)) yield return $"{kind} {tensor} is missing";
            else if (!tensor.Fits(found)) yield return $"{kind} {tensor} is {Tensor.Describe(found)}";
        foreach (var name in actual.Keys.Except(expected.Select(e => e.Name)))
            if (kind == "input") yield return $"input '{name}' is unknown";
    }

    // A size is a number, or a letter for one that is free; a graph may always leave a size open.
    private readonly record struct Tensor(string Name, TensorElementType Type, object[] Shape)
    {
        public bool Fits(NodeMetadata found) =>
            found.IsTensor && found.ElementDataType == Type && found.Dimensions.Length == Shape.Length &&
            Shape.Zip(found.Dimensions).All(d => d.Second < 0 || d.First is not int size || size == d.Second);

        public override string ToString() => $"'{Name}' ({Type} [{string.Join(", ", Shape)}])";

        public static string Describe(NodeMetadata found) => found.IsTensor
            ? $"{found.ElementDataType} [{string.Join(", ", found.Dimensions.Select(d => d < 0 ? "?" : d.ToString()))}]"
            : found.OnnxValueType.ToString();
    }
}
