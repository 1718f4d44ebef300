using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Random images and texts to test the pair loss with: images have 3 to 5 regions, texts 1 to 3 of 6 concepts.</summary>
public sealed class PairScene
{
    public const int Images = 4, Regions = 5, Concepts = 6, Width = 3;

    /// <summary>Every combination of choices but the largest box, which changes what is compared and not how.</summary>
    public static TheoryData<WordRegionLossOptions> Choices { get; } =
    [
        .. from matching in new[] { WordRegionMatching.OneToOne, WordRegionMatching.OneToMany }
           from direction in Enum.GetValues<ContrastDirection>()
           from candidates in Enum.GetValues<ContrastCandidates>()
           from aggregation in Enum.GetValues<ConceptAggregation>()
           select new WordRegionLossOptions
           {
               Matching = matching, Direction = direction, Candidates = candidates, Aggregation = aggregation, MatchingTemperature = 0.7,
           },
    ];

    private static readonly int[] RegionCounts = [5, 3, 4, 5];
    private static readonly int[][] Texts = [[0, 1, 4], [2], [3, 1], [5, 0, 2]];

    public PairScene(long seed)
    {
        random.manual_seed(seed);
        Embeddings = randn(Images, Regions, Width, float64);
        ConceptEmbeddings = randn(Concepts, Width, float64);
        Valid = arange(Regions).unsqueeze(0).lt(Scene.Indices(RegionCounts).unsqueeze(1));
        Members = Scene.Indices(Texts.SelectMany(t => t.Concat(Enumerable.Repeat(-1, 3 - t.Length)))).view(Images, 3);
    }

    /// <summary>[N, k, D]</summary>
    public Tensor Embeddings { get; }

    /// <summary>[U, D]</summary>
    public Tensor ConceptEmbeddings { get; }

    /// <summary>[N, k]</summary>
    public Tensor Valid { get; }

    /// <summary>[B, M]</summary>
    public Tensor Members { get; }

    /// <summary>The texts with their concepts.</summary>
    internal PairTexts PairTexts => new(ConceptEmbeddings, Members);

    /// <summary>Regions by image, padding left out.</summary>
    public double[][][] RegionLists => [.. RegionCounts.Select((count, i) => Enumerable.Range(0, count).Select(r => Numbers(Embeddings[i, r])).ToArray())];

    /// <summary>Concepts by text.</summary>
    public double[][][] TextLists => [.. Texts.Select(text => text.Select(c => Numbers(ConceptEmbeddings[c])).ToArray())];

    /// <summary>The contrastive loss of a scene, with other embeddings of regions and concepts where they are given.</summary>
    public static Tensor Contrast(WordRegionLossOptions options, PairScene scene, Tensor[]? inputs = null) =>
        Contrast(options, inputs?[0] ?? scene.Embeddings, scene.Valid, new(inputs?[1] ?? scene.ConceptEmbeddings, scene.Members));

    /// <summary>The contrastive loss.</summary>
    internal static Tensor Contrast(WordRegionLossOptions options, Tensor regions, Tensor valid, PairTexts texts, Func<Tensor, Tensor>? gather = null) =>
        new WordRegionLoss(options).Compute(regions, valid, texts, gather).Contrast;

    private static double[] Numbers(Tensor x) => x.data<double>().ToArray();
}
