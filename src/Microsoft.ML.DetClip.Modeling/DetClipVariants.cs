namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The sizes of the network by name: the only place where they appear.</summary>
public static class DetClipVariants
{
    /// <summary>Swin-T: the paper's small model (28 M parameters in the backbone).</summary>
    public static DetClipConfig SwinTiny { get; } = Swin("swin-t", 96, [2, 2, 6, 2], [3, 6, 12, 24]);

    /// <summary>Swin-S.</summary>
    public static DetClipConfig SwinSmall { get; } = Swin("swin-s", 96, [2, 2, 18, 2], [3, 6, 12, 24]);

    /// <summary>Swin-B.</summary>
    public static DetClipConfig SwinBase { get; } = Swin("swin-b", 128, [2, 2, 18, 2], [4, 8, 16, 32]);

    /// <summary>Swin-L: the paper's large model.</summary>
    public static DetClipConfig SwinLarge { get; } = Swin("swin-l", 192, [2, 2, 18, 2], [6, 12, 24, 48]);

    /// <summary>A model of the same parts that trains on two cores in minutes; for small images, samples and tests.</summary>
    /// <remarks>
    /// Windows of 4 fit every map of an image whose sides are multiples of 128. Its similarity is a scaled cosine, because plain products
    /// of embeddings that both start at random learn half as fast (see the experiment log).
    /// </remarks>
    public static DetClipConfig Nano { get; } = new()
    {
        Variant = "nano",
        Backbone = new() { Channels = 24, Depths = [1, 1, 2, 1], Heads = [1, 2, 4, 8], Window = 4, DropPath = 0 },
        Head = new() { Channels = 64, TowerDepth = 2, NormGroups = 8, AnchorScale = 4 },
        Text = new() { Vocabulary = 1024, Layers = 2, Width = 64, Heads = 4 },
        Similarity = SimilarityConfig.YoloWorld with { InitialScale = 10 },
        EmbeddingWidth = 64,
    };

    /// <summary>All variants, smallest first.</summary>
    public static IReadOnlyList<DetClipConfig> All { get; } = [Nano, SwinTiny, SwinSmall, SwinBase, SwinLarge];

    /// <summary>The variant of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static DetClipConfig Named(string name) =>
        All.FirstOrDefault(v => string.Equals(v.Variant, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no variant '{name}'; allowed: {string.Join(", ", All.Select(v => v.Variant))}.", nameof(name));

    private static DetClipConfig Swin(string name, int channels, int[] depths, int[] heads) => new()
    {
        Variant = name,
        Backbone = new() { Channels = channels, Depths = depths, Heads = heads },
    };
}
