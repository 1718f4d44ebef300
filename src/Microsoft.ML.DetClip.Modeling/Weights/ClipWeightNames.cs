namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What the weights of CLIP's text encoder are called where they are published.</summary>
/// <remarks>Our own names are those of the original code. A file may hold CLIP's image encoder too: a detector has no use for it.</remarks>
internal static class ClipWeightNames
{
    /// <summary>OpenAI's code, which OpenCLIP follows; Hugging Face's transformers.</summary>
    public static IReadOnlyList<WeightNaming> All { get; } =
    [
        Naming("OpenAI's", "token_embedding.weight", name => name),
        Naming("Hugging Face's", "text_model.embeddings.token_embedding.weight", InTransformers),
    ];

    private static WeightSource InTransformers(string name) => name.Split('.') switch
    {
        ["token_embedding", "weight"] => "text_model.embeddings.token_embedding.weight",
        ["positional_embedding"] => "text_model.embeddings.position_embedding.weight",
        ["transformer", "resblocks", var block, .. var rest] => InTransformersBlock($"text_model.encoder.layers.{block}.", rest),
        ["ln_final", var kind] => $"text_model.final_layer_norm.{kind}",
        ["text_projection"] => new WeightSource(["text_projection.weight"], IsTransposed: true), // a linear layer there, [D, C]
        _ => WeightSource.None,
    };

    private static WeightSource InTransformersBlock(string block, string[] name) => name switch
    {
        ["attn", "in_proj_weight"] => Joined(block, "weight"),
        ["attn", "in_proj_bias"] => Joined(block, "bias"),
        ["attn", "out_proj", var kind] => $"{block}self_attn.out_proj.{kind}",
        ["ln_1", var kind] => $"{block}layer_norm1.{kind}",
        ["ln_2", var kind] => $"{block}layer_norm2.{kind}",
        ["mlp", "c_fc", var kind] => $"{block}mlp.fc1.{kind}",
        ["mlp", "c_proj", var kind] => $"{block}mlp.fc2.{kind}",
        _ => WeightSource.None,
    };

    private static WeightSource Joined(string block, string kind) => new([.. new[] { 'q', 'k', 'v' }.Select(part => $"{block}self_attn.{part}_proj.{kind}")]);

    // Another space of embeddings needs another projection into it.
    private static WeightNaming Naming(string owner, string anchor, Func<string, WeightSource> sourceOf) => new($"{owner} names of CLIP's text encoder", "text.", anchor, sourceOf)
    {
        Optional = ["text_projection"],
    };
}
