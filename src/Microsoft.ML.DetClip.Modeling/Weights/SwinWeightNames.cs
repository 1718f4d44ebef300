namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What a Swin transformer's weights are called in published classifiers.</summary>
/// <remarks>
/// The backbone's own names are those of the Swin authors' code. A classifier's last norm reads the map that the backbone's third norm reads, so it becomes
/// that; the first two norms have no counterpart. All four libraries merge the 2 × 2 positions of a patch in one order, so no channels need to be moved.
/// </remarks>
internal static class SwinWeightNames
{
    private const string ClassifierNorm = "norm3";

    /// <summary>torchvision; the authors and timm up to 0.6; timm from 0.8; Hugging Face's transformers.</summary>
    public static IReadOnlyList<WeightNaming> All { get; } =
    [
        Naming("torchvision's", "features.0.0.weight", InTorchvision),
        Naming("the Swin authors'", "patch_embed.proj.weight", InAuthorsCode),
        Naming("timm's", "patch_embed.proj.weight", InTimm),
        Naming("Hugging Face's", "embeddings.patch_embeddings.projection.weight", InTransformers),
    ];

    /// <summary>torchvision numbers what lies in sequence: 0 patches, then blocks (odd) and merging (even) by turns; an MLP's layers are 0 and 3.</summary>
    internal static WeightSource InTorchvision(string name) => name.Split('.') switch
    {
        ["patch_embed", "proj", var kind] => $"features.0.0.{kind}",
        ["patch_embed", "norm", var kind] => $"features.0.2.{kind}",
        ["layers", var stage, "blocks", var block, "mlp", "fc1", var kind] => $"features.{2 * int.Parse(stage) + 1}.{block}.mlp.0.{kind}",
        ["layers", var stage, "blocks", var block, "mlp", "fc2", var kind] => $"features.{2 * int.Parse(stage) + 1}.{block}.mlp.3.{kind}",
        ["layers", var stage, "blocks", .. var rest] => $"features.{2 * int.Parse(stage) + 1}.{string.Join('.', rest)}",
        ["layers", var stage, "downsample", .. var rest] => $"features.{2 * int.Parse(stage) + 2}.{string.Join('.', rest)}",
        [ClassifierNorm, var kind] => $"norm.{kind}",
        _ => WeightSource.None,
    };

    /// <summary>The names are ours.</summary>
    private static WeightSource InAuthorsCode(string name) => name.Split('.') switch
    {
        ["norm1" or "norm2", ..] => WeightSource.None,
        [ClassifierNorm, var kind] => $"norm.{kind}",
        _ => name,
    };

    /// <summary>timm lets a stage begin with the merging that ends the one before it in the authors' code.</summary>
    private static WeightSource InTimm(string name) => name.Split('.') switch
    {
        ["layers", var stage, "downsample", .. var rest] => $"layers.{int.Parse(stage) + 1}.downsample.{string.Join('.', rest)}",
        _ => InAuthorsCode(name),
    };

    private static WeightSource InTransformers(string name) => name.Split('.') switch
    {
        ["patch_embed", "proj", var kind] => $"embeddings.patch_embeddings.projection.{kind}",
        ["patch_embed", "norm", var kind] => $"embeddings.norm.{kind}",
        ["layers", var stage, "blocks", var block, .. var rest] => InTransformersBlock($"encoder.layers.{stage}.blocks.{block}.", rest),
        ["layers", var stage, "downsample", .. var rest] => $"encoder.layers.{stage}.downsample.{string.Join('.', rest)}",
        [ClassifierNorm, var kind] => $"layernorm.{kind}",
        _ => WeightSource.None,
    };

    private static WeightSource InTransformersBlock(string block, string[] name) => name switch
    {
        ["norm1", var kind] => $"{block}layernorm_before.{kind}",
        ["norm2", var kind] => $"{block}layernorm_after.{kind}",
        ["attn", "qkv", var kind] => new WeightSource([.. new[] { "query", "key", "value" }.Select(part => $"{block}attention.self.{part}.{kind}")]),
        ["attn", "proj", var kind] => $"{block}attention.output.dense.{kind}",
        ["attn", var table] => $"{block}attention.self.{table}",
        ["mlp", "fc1", var kind] => $"{block}intermediate.dense.{kind}",
        ["mlp", "fc2", var kind] => $"{block}output.dense.{kind}",
        _ => WeightSource.None,
    };

    private static WeightNaming Naming(string owner, string anchor, Func<string, WeightSource> sourceOf) => new($"{owner} names of a Swin transformer", "backbone.", anchor, sourceOf)
    {
        Optional = ["norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias"],
    };
}
