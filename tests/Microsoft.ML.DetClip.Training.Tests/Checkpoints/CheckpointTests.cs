using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training.Tests;

public sealed class CheckpointTests : IDisposable
{
    private static readonly ClipTokenizer Tokenizer = BytePairLearner.Learn(DrawnWorld.Names, mergeCount: 40);
    private static readonly DetClipConfig Config = Tiny.Network with { Text = Tiny.Network.Text with { Vocabulary = Tokenizer.VocabularySize } };

    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-checkpoint").FullName;

    private string File => Path.Combine(_folder, "network.safetensors");

    [Fact]
    public void A_network_comes_back_with_sizes_weights_tokenizer_and_step()
    {
        using var network = DetClipNetwork.Create(Config, seed: 3);
        Checkpoint.Save(File, network, Tokenizer, step: 12_345);

        using var checkpoint = Checkpoint.Open(File);
        using var loaded = checkpoint.CreateNetwork();

        Assert.Equal(12_345, checkpoint.Step);
        Assert.Equal(Tokenizer.Encode("red circle"), checkpoint.Tokenizer.Encode("red circle"));
        Assert.Equal(Tiny.Weights(network), Tiny.Weights(loaded));
        Assert.Equivalent(Config, checkpoint.Network, strict: true);
        Assert.False(loaded.training);
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Every_weight_that_does_not_fit_is_named_and_none_is_copied()
    {
        using var network = DetClipNetwork.Create(Config, seed: 3);
        Checkpoint.Save(File, network, Tokenizer, step: 1);
        using var other = DetClipNetwork.Create(Config with { EmbeddingWidth = 6, Head = Config.Head with { TowerDepth = 2, Deformable = false } }, seed: 4);
        var before = Tiny.Weights(other);
        using var checkpoint = Checkpoint.Open(File);

        var error = Assert.Throws<InvalidDataException>(() => checkpoint.LoadInto(other));

        Assert.Contains("head.embedding.weight is [8, 8, 3, 3], expected [6, 8, 3, 3]", error.Message);
        Assert.Contains("text.text_projection is [8, 8], expected [8, 6]", error.Message);
        Assert.Contains("head.cls_tower.1.conv.weight [8, 8, 3, 3] is missing", error.Message);
        Assert.Contains("head.deform.weight is not of this network", error.Message);
        Assert.Equal(before, Tiny.Weights(other));
    }

    [Fact]
    public void A_newer_format_is_refused()
    {
        SafeTensorsFile.Write(File, [], new Dictionary<string, string> { ["detclip_version"] = "3" });

        var error = Assert.Throws<InvalidDataException>(() => Checkpoint.Open(File));

        Assert.Contains("format 3", error.Message);
        Assert.Contains("up to 2", error.Message);
    }

    [Fact]
    public void Another_safetensors_file_is_refused()
    {
        SafeTensorsFile.Write(File, []);

        Assert.Contains("no checkpoint", Assert.Throws<InvalidDataException>(() => Checkpoint.Open(File)).Message);
    }

    [Theory]
    [InlineData("network", "{")]
    [InlineData("step", "many")]
    [InlineData("tokenizer", "header\nno merge at all")]
    public void A_damaged_header_is_refused(string key, string value)
    {
        using var network = DetClipNetwork.Create(Config, seed: 3);
        Checkpoint.Save(File, network, Tokenizer, step: 1);
        Dictionary<string, string> metadata;
        using (var file = SafeTensorsFile.Open(File)) metadata = new(file.Metadata) { [key] = value };
        SafeTensorsFile.Write(File, [], metadata);

        Assert.Throws<InvalidDataException>(() => Checkpoint.Open(File));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
