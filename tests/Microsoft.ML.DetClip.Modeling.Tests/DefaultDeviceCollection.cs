using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Tests that change torch's default device, which all threads share: they run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DefaultDeviceCollection
{
    public const string Name = "default device";

    /// <summary>Makes a device the default until the result is disposed.</summary>
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
