using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Benchmarks.Training;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>The same image by ML.NET's own ONNX transform on a frozen graph of ours, and by torchvision's nearest detector.</summary>
internal static class RivalsBenchmark
{
    private const int Names = 80;

    public static void Run(Setting setting)
    {
    }
}
