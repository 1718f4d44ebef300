using Xunit;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Testing;

/// <summary>A test that torch runs on a CUDA device.</summary>
public sealed class CudaFactAttribute : FactAttribute
{
    public CudaFactAttribute() => Skip = CudaDevice.ReasonToSkip;
}

/// <summary>A theory that torch runs on a CUDA device.</summary>
public sealed class CudaTheoryAttribute : TheoryAttribute
{
    public CudaTheoryAttribute() => Skip = CudaDevice.ReasonToSkip;
}

/// <summary>Why tests of CUDA devices are skipped.</summary>
public static class CudaDevice
{
    /// <summary>What they need.</summary>
    public const string Need = "needs a CUDA device and a build with -p:DetClipDevice=cuda";

    /// <summary>Null where torch can use one.</summary>
    public static string? ReasonToSkip { get; } = cuda.is_available() ? null : Need;
}
