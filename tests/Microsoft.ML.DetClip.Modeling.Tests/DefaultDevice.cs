using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Where tensors are made when nothing else is said.</summary>
internal static class DefaultDevice
{
    /// <summary>Makes a device the default until the result is disposed. On META, tensors have shapes but neither values nor memory.</summary>
    public static IDisposable Use(Device device)
    {
        var before = get_default_device();
        set_default_device(device);
        return new Restore(before);
    }

    private sealed record Restore(Device Before) : IDisposable
    {
        public void Dispose() => set_default_device(Before);
    }
}
