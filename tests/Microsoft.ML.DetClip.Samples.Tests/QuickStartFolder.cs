namespace Microsoft.ML.DetClip.Samples.Tests;

/// <summary>What QuickStart leaves, here with so few scenes and steps that it learns nothing; the other samples start from it.</summary>
public sealed class QuickStartFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-quickstart").FullName;

    public QuickStartFolder()
    {
        (ExitCode, Output) = SampleProgram.Run("QuickStart", "--scenes", "30", "--steps", "3", "--out", _folder);
        if (ExitCode != 0) throw new InvalidOperationException(Output);
    }

    public int ExitCode { get; }

    public string Output { get; }

    public string Detector => PathOf("detector.zip");

    public string Checkpoint => PathOf("run", "last.safetensors");

    public string Train => PathOf("world", "detection.json");

    public string Test => PathOf("world", "test.json");

    public string TestImages => PathOf("world", "evaluation");

    public string PathOf(params string[] parts) => Path.Combine([_folder, .. parts]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>The tests that share one run of QuickStart; one after the other, since each starts processes that want all cores.</summary>
[CollectionDefinition(Name)]
public sealed class AfterQuickStart : ICollectionFixture<QuickStartFolder>
{
    public const string Name = "after QuickStart";
}
