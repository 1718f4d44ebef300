using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The number format that norms, softmaxes and losses are computed in.</summary>
internal static class Precision
{
    /// <summary>The tensor, with gradient, in float32 where it is a half-width float: sums over many small losses and gradients need the digits.</summary>
    public static Tensor AtLeastFloat32(this Tensor x) => x.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? x.to(ScalarType.Float32) : x;

    /// <summary>What the head says, with gradient, in float32 where it is in half-width floats: boxes and losses are computed from it.</summary>
    public static HeadOutput<Tensor> AtLeastFloat32(this HeadOutput<Tensor> x) => x with
    {
        Embeddings = x.Embeddings.AtLeastFloat32(),
        Deltas = x.Deltas.AtLeastFloat32(),
        Centerness = x.Centerness.AtLeastFloat32(),
        Foreground = x.Foreground?.AtLeastFloat32(),
        IoU = x.IoU?.AtLeastFloat32(),
    };
}
