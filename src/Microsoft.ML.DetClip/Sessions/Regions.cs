using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip;

/// <summary>What the image graph found, in ONNX Runtime's own memory: N images, R regions of each, P phrases.</summary>
internal sealed class Regions(IDisposableReadOnlyCollection<OrtValue> outputs) : IDisposable
{
    /// <summary>R.</summary>
    public int Count { get; } = (int)outputs[0].GetTensorTypeAndShape().Shape[1];

    /// <summary>Corners of the regions of an image, in pixels of the canvas; [R, 4].</summary>
    public ReadOnlySpan<float> Boxes(int image) => outputs[0].GetTensorDataAsSpan<float>().Slice(image * Count * 4, Count * 4);

    /// <summary>Probabilities that the regions of an image show the phrases; [R, P].</summary>
    public ReadOnlySpan<float> Scores(int image, int phrases) => outputs[1].GetTensorDataAsSpan<float>().Slice(image * Count * phrases, Count * phrases);

    public void Dispose() => outputs.Dispose();
}
