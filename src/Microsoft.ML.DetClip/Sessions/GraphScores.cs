using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip;

/// <summary>What the image graph says of phrases, in ONNX Runtime's own memory: N images, R regions of each, P phrases.</summary>
internal sealed class GraphScores(IDisposableReadOnlyCollection<OrtValue> outputs) : IDisposable
{
    /// <summary>R.</summary>
    public int Count { get; } = (int)outputs[0].GetTensorTypeAndShape().Shape[1];

    /// <summary>Corners of the regions of an image, in pixels of the canvas; [R, 4].</summary>
    public ReadOnlySpan<float> Boxes(int image) => outputs[0].GetTensorDataAsSpan<float>().Slice(image * Count * 4, Count * 4);

    /// <summary>Probabilities that the regions of an image show the phrases; [R, P].</summary>
    public ReadOnlySpan<float> Scores(int image, int phrases) => outputs[1].GetTensorDataAsSpan<float>().Slice(image * Count * phrases, Count * phrases);

    public void Dispose() => outputs.Dispose();
}

/// <summary>What the image graph says of regions, in ONNX Runtime's own memory: N images, R regions of each, best quality first; D embedding width.</summary>
internal sealed class GraphRegions(IDisposableReadOnlyCollection<OrtValue> outputs, int width) : IDisposable
{
    /// <summary>R.</summary>
    public int Count { get; } = (int)outputs[0].GetTensorTypeAndShape().Shape[1];

    /// <summary>Corners of the regions of an image, in pixels of the canvas; [R, 4].</summary>
    public ReadOnlySpan<float> Boxes(int image) => Part(0, image, 4);

    /// <summary>[R, D]</summary>
    public ReadOnlySpan<float> Embeddings(int image) => Part(1, image, width);

    /// <summary>[R]</summary>
    public ReadOnlySpan<float> Qualities(int image) => Part(2, image, 1);

    public void Dispose() => outputs.Dispose();

    private ReadOnlySpan<float> Part(int output, int image, int size) => outputs[output].GetTensorDataAsSpan<float>().Slice(image * Count * size, Count * size);
}
