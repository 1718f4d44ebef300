using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>A theory that ONNX Runtime runs on a CUDA device.</summary>
internal sealed class OnnxCudaTheoryAttribute : TheoryAttribute
{
    private static readonly string? Reason = Reasons();

    public OnnxCudaTheoryAttribute() => Skip = Reason;

    private static string? Reasons()
    {
        OrtTelemetry.TurnOff();
        using var options = new SessionOptions();
        try
        {
            options.AppendExecutionProvider_CUDA(0);
            return null;
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            return "needs a CUDA device and a build with -p:DetClipDevice=cuda";
        }
    }
}
