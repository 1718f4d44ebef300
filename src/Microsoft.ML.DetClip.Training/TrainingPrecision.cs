namespace Microsoft.ML.DetClip.Training;

/// <summary>The number format of products: of matrices, convolutions and attention. Weights, norms, softmaxes and losses are float32 in any case.</summary>
public enum TrainingPrecision
{
    /// <summary>Single precision throughout.</summary>
    Float32,

    /// <summary>bfloat16: the range of float32 with 8 bits of digits.</summary>
    BFloat16,

    /// <summary>float16: 11 bits of digits but a short range, so that the loss is scaled and steps whose gradients overflow are left out.</summary>
    Float16,
}
