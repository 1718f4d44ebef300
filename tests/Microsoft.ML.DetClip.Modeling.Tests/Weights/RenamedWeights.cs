using System.Text.RegularExpressions;
using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>A golden's weights under the names that other libraries give them, written down here anew and not taken from what is tested.</summary>
internal static class RenamedWeights
{
    /// <summary>torchvision's names → those of the Swin authors' code.</summary>
    public static IEnumerable<(string, Tensor)> OfAuthors(IEnumerable<(string Name, Tensor Value)> weights) => weights.Select(w => (
        Regex.Replace(w.Name, @"^features\.(\d+)\.", m => (m.Groups[1].Value switch
        {
            "0" => "patch_embed.",
            var place when int.Parse(place) % 2 == 1 => $"layers.{int.Parse(place) / 2}.blocks.",
            var place => $"layers.{int.Parse(place) / 2 - 1}.downsample.",
        }))
        .Replace("patch_embed.0.", "patch_embed.proj.").Replace("patch_embed.2.", "patch_embed.norm.").Replace("mlp.0.", "mlp.fc1.").Replace("mlp.3.", "mlp.fc2."),
        w.Value));

    /// <summary>torchvision's names → timm's since 0.8: merging begins a stage, the classifier is head.fc.</summary>
    public static IEnumerable<(string, Tensor)> OfTimm(IEnumerable<(string Name, Tensor Value)> weights) => OfAuthors(weights).Select(w => (
        Regex.Replace(w.Item1, @"layers\.(\d)\.downsample", m => $"layers.{int.Parse(m.Groups[1].Value) + 1}.downsample").Replace("head.", "head.fc."), w.Item2));

    /// <summary>torchvision's names → those of Hugging Face's SwinForImageClassification, with q, k and v apart.</summary>
    public static IEnumerable<(string, Tensor)> OfSwinInTransformers(IEnumerable<(string Name, Tensor Value)> weights) => Split(OfAuthors(weights), "attn.qkv",
        ["attention.self.query", "attention.self.key", "attention.self.value"]).Select(w => (
        Regex.Replace(w.Item1, "^layers", "swin.encoder.layers")
        .Replace("patch_embed.proj", "swin.embeddings.patch_embeddings.projection").Replace("patch_embed.norm", "swin.embeddings.norm")
        .Replace("attn.proj", "attention.output.dense").Replace("attn.relative", "attention.self.relative").Replace("norm1", "layernorm_before").Replace("norm2", "layernorm_after")
        .Replace("mlp.fc1", "intermediate.dense").Replace("mlp.fc2", "output.dense").Replace("head", "classifier"), w.Item2))
        .Select(w => (Regex.Replace(w.Item1, "^norm", "swin.layernorm"), w.Item2));

    /// <summary>OpenAI's names → those of Hugging Face's CLIPModel: q, k and v apart, the projection a linear layer.</summary>
    public static IEnumerable<(string, Tensor)> OfClipInTransformers(IEnumerable<(string Name, Tensor Value)> weights) => Split(
        weights.Select(w => (w.Name.Replace("in_proj_", "in_proj."), w.Value)), "attn.in_proj", ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"]).Select(w => (
        w.Item1.Replace("transformer.resblocks", "text_model.encoder.layers").Replace("attn.out_proj", "self_attn.out_proj").Replace("ln_1", "layer_norm1").Replace("ln_2", "layer_norm2")
        .Replace("c_fc", "fc1").Replace("c_proj", "fc2").Replace("ln_final", "text_model.final_layer_norm")
        .Replace("positional_embedding", "text_model.embeddings.position_embedding.weight").Replace("token_embedding", "text_model.embeddings.token_embedding")
        .Replace("text_projection", "text_projection.weight"), w.Item1 == "text_projection" ? w.Item2.t().contiguous() : w.Item2));

    /// <summary>The weights of a golden whose names begin with "w.", without that.</summary>
    public static IEnumerable<(string Name, Tensor Value)> Of(Golden golden) =>
        golden.Tensors.Where(t => t.Key.StartsWith("w.")).Select(t => (t.Key["w.".Length..], t.Value));

    /// <summary>Writes a safetensors file.</summary>
    public static string Write(string folder, IEnumerable<(string Name, Tensor Value)> weights, string prefix = "")
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.safetensors");
        SafeTensorsFile.Write(path, weights.Select(w =>
            new SafeTensor(new SafeTensorInfo(prefix + w.Name, SafeTensorType.F32, w.Value.shape), stream => stream.Write(w.Value.contiguous().bytes))));
        return path;
    }

    private static IEnumerable<(string, Tensor)> Split(IEnumerable<(string Name, Tensor Value)> weights, string joined, string[] parts) => weights.SelectMany(w =>
        w.Name.Contains(joined) ? parts.Zip(w.Value.chunk(parts.Length), (part, value) => (w.Name.Replace(joined, part), value)) : [(w.Name, w.Value)]);
}
