using Microsoft.ML.DetClip.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public sealed class WeightImportTests : IDisposable
{
    private const string Swin = "golden/numerics/swin_narrow/";
    private const string Misc = "golden/numerics/misc";

    private static readonly DetClipConfig Config = DetClipVariants.Nano with
    {
        Backbone = new() { Channels = 24, Depths = [2, 2, 2, 2], Heads = [3, 3, 6, 12], DropPath = 0 },
        Text = new() { Vocabulary = 600, Length = 16, Layers = 3, Width = 64, Heads = 4 },
        EmbeddingWidth = 32,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-weights").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [SharedTheory(Swin)]
    [InlineData("torchvision's", "")]
    [InlineData("the Swin authors'", "")]
    [InlineData("the Swin authors'", "model.")]
    [InlineData("timm's", "")]
    [InlineData("Hugging Face's", "")]
    public void A_Swin_transformer_by_any_names_computes_what_torchvisions_does(string names, string prefix)
    {
        var weights = RenamedWeights.Of(SwinWeights());
        var renamed = names switch
        {
            "torchvision's" => weights,
            "the Swin authors'" => RenamedWeights.OfAuthors(weights),
            "timm's" => RenamedWeights.OfTimm(weights),
            _ => RenamedWeights.OfSwinInTransformers(weights),
        };
        var network = DetClipNetwork.Create(Config, seed: 1);

        var import = Import(network, RenamedWeights.Write(_folder, renamed, prefix));

        Assert.Equal([$"{names} names of a Swin transformer"], import.Namings);
        Assert.Equal(["backbone.norm1.bias", "backbone.norm1.weight", "backbone.norm2.bias", "backbone.norm2.weight"], import.Missing.Order());
        Assert.Equal(2, import.Unused.Count); // the classifier
        var golden = Golden.Shared("numerics/swin_narrow/io0");
        foreach (var (index, stage) in network.Backbone.Stages(TorchOps.Inference, golden["input"]).Index())
            GoldenAssert.CloseToScale(golden[$"stage{index + 1}_nhwc"], stage);
    }

    [SharedTheory(Misc)]
    [InlineData("OpenAI's")]
    [InlineData("Hugging Face's")]
    public void CLIPs_text_encoder_by_any_names_computes_what_the_original_does(string names)
    {
        var golden = Golden.Shared("numerics/misc/clip_text_small");
        var longer = RenamedWeights.Of(golden).Select(w => w.Name == "positional_embedding" ? (w.Name, cat([w.Value, ones(61, 64)])) : w);
        var renamed = names == "OpenAI's" ? longer : RenamedWeights.OfClipInTransformers(longer);
        var image = new[] { ("visual.conv1.weight", ones(2, 2)), ("visual.transformer.resblocks.0.ln_1.weight", ones(64)), ("visual.proj", ones(2)), ("logit_scale", ones(1)) };
        var network = DetClipNetwork.Create(Config, seed: 1);

        var import = Import(network, RenamedWeights.Write(_folder, renamed.Concat(image)));

        Assert.Equal([$"{names} names of CLIP's text encoder"], import.Namings);
        Assert.Empty(import.Missing);
        Assert.Contains("cut: text.positional_embedding to the first 16 of 77 positions", import.ToString());
        Assert.EndsWith("not used: visual.* (3), logit_scale", import.ToString());
        GoldenAssert.CloseToScale(golden["out"], network.TextEncoder.Forward(TorchOps.Inference, golden["tokens"]));
    }

    [SharedFact(Swin)]
    public void One_file_may_hold_both_encoders_and_the_report_reads_well()
    {
        var path = RenamedWeights.Write(_folder, RenamedWeights.OfTimm(RenamedWeights.Of(SwinWeights())).Concat(TextWeights(width: 48)));
        var network = DetClipNetwork.Create(Config, seed: 1);

        var report = Import(network, path).ToString().Split("\n  ");

        Assert.Equal(
        [
            $"{Path.GetFileName(path)}: timm's names of a Swin transformer and OpenAI's names of CLIP's text encoder; 159 weights taken",
            "of another shape, left as they were: text.text_projection is [64, 32], the file's text_projection [64, 48]",
            "not in the file, left as they were: backbone.norm1.weight, backbone.norm1.bias, backbone.norm2.weight, backbone.norm2.bias",
            "in the file, not used: head.fc.weight, head.fc.bias",
        ], report);
    }

    [SharedFact(Swin)]
    public void A_network_of_other_sizes_is_refused_and_nothing_is_written()
    {
        var path = RenamedWeights.Write(_folder, RenamedWeights.OfTimm(RenamedWeights.Of(SwinWeights())));

        AssertRefused(path, b => b with { Channels = 32, Heads = [1, 2, 4, 8] }, "backbone.patch_embed.proj.weight is [32, 3, 4, 4], the file's patch_embed.proj.weight [24, 3, 4, 4]");
        AssertRefused(path, b => b with { Depths = [2, 2, 3, 2] }, "backbone.layers.2.blocks.2.norm1.weight is missing");
        AssertRefused(path, b => b with { Depths = [2, 2, 1, 2] }, "layers.2.blocks.1.attn.proj.bias has no place");
    }

    [Fact]
    public void A_file_of_anything_else_is_refused_with_what_it_has()
    {
        var path = RenamedWeights.Write(_folder, [("conv1.weight", ones(1)), ("fc.weight", ones(1))]);

        var message = Assert.Throws<InvalidDataException>(() => Import(DetClipNetwork.Create(Config, seed: 1), path)).Message;

        Assert.EndsWith("it has conv1.weight, fc.weight.", message);
    }

    [Fact]
    public void Half_precision_is_widened()
    {
        var text = TextWeights(width: 32).ToArray();
        var path = Path.Combine(_folder, "half.safetensors");
        SafeTensorsFile.Write(path, text.Select(w =>
            new SafeTensor(new SafeTensorInfo(w.Name, SafeTensorType.F16, w.Value.shape), stream => stream.Write(w.Value.to(ScalarType.Float16).bytes))));
        var network = DetClipNetwork.Create(Config, seed: 1);

        Import(network, path);

        TensorAssert.Close(text.First(w => w.Name == "ln_final.bias").Value, network.TextEncoder.get_parameter("ln_final.bias")!, absolute: 0, relative: 1e-3);
    }

    private void AssertRefused(string path, Func<SwinConfig, SwinConfig> change, string reason)
    {
        var network = DetClipNetwork.Create(Config with { Backbone = change(Config.Backbone) }, seed: 1);
        var before = network.state_dict().Values.Select(w => w.clone()).ToArray();

        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Import(network, path)).Message);

        foreach (var (was, now) in before.Zip(network.state_dict().Values)) TensorAssert.Equal(was, now);
    }

    private static Golden SwinWeights() => Golden.Load(SharedData.Path(Swin + "weights.safetensors"));

    private static IEnumerable<(string Name, Tensor Value)> TextWeights(int width)
    {
        manual_seed(3);
        using var frozen = no_grad();
        foreach (var (name, parameter) in new TextEncoder(Config.Text, width).named_parameters()) yield return (name, rand_like(parameter));
    }

    private static WeightImport Import(DetClipNetwork network, string path)
    {
        using var file = SafeTensorsFile.Open(path);
        var import = WeightImport.Plan(network, file);
        import.Apply();
        return import;
    }
}
