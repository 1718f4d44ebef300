using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The number format that losses are computed in.</summary>
internal static class Precision
{
    /// <summary>The tensor, with gradient, in float32 where it is a half-width float: sums over many small losses and gradients need the digits.</summary>
    public static Tensor AtLeastFloat32(this Tensor x) => x.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? x.to(ScalarType.Float32) : x;
}
