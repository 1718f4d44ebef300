using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip;

/// <summary>Some builds of ONNX Runtime report their use to Microsoft; a detector has nothing to report.</summary>
/// <remarks>
/// They write an id, the file ".ses" of some 50 bytes, to the temporary folder before any call can reach them; only ORT_DISABLE_TELEMETRY=1 in the process's
/// environment keeps that away too.
/// </remarks>
internal static class OrtTelemetry
{
    private static readonly Lock Once = new();
    private static bool _isOff;

    /// <summary>Turns it off, the first time; who turns it on again later has their way.</summary>
    public static void TurnOff()
    {
        lock (Once)
        {
            if (_isOff) return;
            OrtEnv.Instance().DisableTelemetryEvents();
            _isOff = true;
        }
    }
}
