using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>A small network with weights that leave nothing at its starting value, and its export in a folder that is removed in the end.</summary>
internal sealed class ExportedDetector : IDisposable
{
    public ExportedDetector(DetClipConfig config, long seed = 1)
    {
        Network = Disturbed(config, seed);
        DetectorExporter.Export(Network, Tokenizer, new ExportOptions(), Folder.Path);
    }

    public DetClipNetwork Network { get; }

    public TemporaryFolder Folder { get; } = new();

    public string ImageGraph => Path.Combine(Folder.Path, DetectorContract.ImageGraphFile);

    public static ClipTokenizer Tokenizer { get; } = BytePairLearner.Learn(["a red car", "a red bus", "two red cars"], mergeCount: 20);

    /// <summary>A network as after some training: norms are no identities, biases not zero, deformable taps not on the grid.</summary>
    public static DetClipNetwork Disturbed(DetClipConfig config, long seed)
    {
        var network = DetClipNetwork.Create(config, seed);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
            parameter.add_(randn_like(parameter) * (name.Contains("relative_position") ? 0.5 : name.Contains("steering") ? 0.05 : parameter.dim() < 2 ? 0.2 : 0));
        foreach (var (name, buffer) in network.named_buffers())
            if (name.EndsWith("running_mean")) buffer.normal_(0, 0.3); else if (name.EndsWith("running_var")) buffer.uniform_(0.5, 2);
        network.eval();
        return network;
    }

    public void Dispose()
    {
        Network.Dispose();
        Folder.Dispose();
    }
}

/// <summary>A folder of its own for a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"detclip-{Guid.NewGuid():N}");

    public string File(string name)
    {
        Directory.CreateDirectory(Path);
        return System.IO.Path.Combine(Path, name);
    }

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
