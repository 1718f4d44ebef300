namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Names of a Swin transformer's parameters in published classifiers, and what they are called here.</summary>
/// <remarks>
/// The backbone's own names are those of the Swin authors' code. A classifier's last norm reads the map that the backbone's third norm reads,
/// so it becomes that; the first two norms and all else of the detector have no counterpart.
/// </remarks>
internal static class SwinWeightNames
{
    /// <summary>Our name for one of torchvision's, such as "features.1.0.mlp.3.weight" → "layers.0.blocks.0.mlp.fc2.weight"; null for what a detector has no use for.</summary>
    /// <remarks>torchvision numbers what lies in sequence: 0 patches, then blocks (odd) and merging (even) by turns; an MLP's layers are 0 and 3.</remarks>
    public static string? FromTorchvision(string name) => name.Split('.') switch
    {
        [.., "relative_position_index"] => null,
        ["features", "0", "0", var kind] => $"patch_embed.proj.{kind}",
        ["features", "0", "2", var kind] => $"patch_embed.norm.{kind}",
        ["features", var place, .. var rest] when int.TryParse(place, out var index) && index > 0 => InStage(index - 1, rest),
        ["norm", var kind] => $"norm3.{kind}",
        _ => null,
    };

    /// <summary>Our name for one of the authors' own; null for what a detector has no use for.</summary>
    public static string? FromAuthors(string name) => name.Split('.') switch
    {
        [.., "relative_position_index" or "attn_mask"] or ["head", ..] => null,
        ["norm", var kind] => $"norm3.{kind}",
        _ => name,
    };

    /// <summary>A name within the blocks or the merging of a stage; <paramref name="index"/> counts both, from 0.</summary>
    private static string? InStage(int index, string[] rest) => (index % 2, rest) switch
    {
        (0, [var block, "mlp", "0", var kind]) => $"layers.{index / 2}.blocks.{block}.mlp.fc1.{kind}",
        (0, [var block, "mlp", "3", var kind]) => $"layers.{index / 2}.blocks.{block}.mlp.fc2.{kind}",
        (0, _) => $"layers.{index / 2}.blocks.{string.Join('.', rest)}",
        (_, _) => $"layers.{index / 2}.downsample.{string.Join('.', rest)}",
    };
}
