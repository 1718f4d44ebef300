using Microsoft.ML.DetClip.Testing;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>A theory that ONNX Runtime runs on a CUDA device.</summary>
internal sealed class OnnxCudaTheoryAttribute : TheoryAttribute
{
    private static readonly string? Reason = CanUseGpu() ? null : CudaDevice.Need;

    public OnnxCudaTheoryAttribute() => Skip = Reason;

    private static bool CanUseGpu()
    {
        OrtTelemetry.TurnOff();
        using var options = new SessionOptions();
        return new SessionDevice(0, FallbackToCpu: true).UseProvider(options, _ => { });
    }
}
