namespace Microsoft.ML.DetClip;

/// <summary>What a detector saw in an image before anybody asked for anything: regions with an embedding each, to be asked any number of times.</summary>
/// <remarks>
/// R regions, D embedding width. They are the regions of the highest quality, chosen without regard to any concept; asking them costs a product with
/// each concept, no network. <see cref="Bound"/> tells what may be missing: no concept scores higher than that in a region that was left out.
/// </remarks>
public sealed partial class RegionList
{
    private readonly Box[] _boxes;
    private readonly float[] _embeddings;
    private readonly float[] _qualities;
    private readonly (ImageTile Tile, int Count)[] _tiles;

    private RegionList(Box[] boxes, float[] embeddings, float[] qualities, (ImageTile Tile, int Count)[] tiles) =>
        (_boxes, _embeddings, _qualities, _tiles) = (boxes, embeddings, qualities, tiles);

    /// <summary>R.</summary>
    public int Count => _boxes.Length;

    /// <summary>D.</summary>
    public required int EmbeddingWidth { get; init; }

    /// <summary>Where each region is, in pixels of the original image, [R].</summary>
    public IReadOnlyList<Box> Boxes => _boxes;

    /// <summary>Region embeddings, [R, D], row by row. Their product with a concept's embedding, through <see cref="Scoring"/>, is the concept's score.</summary>
    public ReadOnlyMemory<float> Embeddings => _embeddings;

    /// <summary>What the probability of any concept is multiplied by in each region, 0 to 1, [R].</summary>
    public ReadOnlyMemory<float> Qualities => _qualities;

    /// <summary>Size of the original image.</summary>
    public required ImageSize ImageSize { get; init; }

    /// <summary>How embeddings and qualities make scores.</summary>
    public required RegionScoring Scoring { get; init; }

    /// <summary>The text encoder whose concepts fit, as <see cref="DetectorManifest.TextEncoderHash"/> has it.</summary>
    public required string TextEncoderHash { get; init; }

    /// <summary>No concept scores higher than this in a region that was left out, before any temperature; 0 when none was. A greater <see cref="OpenVocabularyDetectionEstimator.Options.MaxRegions"/> lowers it.</summary>
    public required float Bound { get; init; }

    /// <summary>The embedding of one region, [D].</summary>
    internal ReadOnlySpan<float> Embedding(int region) => _embeddings.AsSpan(region * EmbeddingWidth, EmbeddingWidth);

    /// <summary>The embedding of each region, [D] each.</summary>
    internal IEnumerable<float[]> AllEmbeddings() => Enumerable.Range(0, Count).Select(r => Embedding(r).ToArray());

    /// <summary>The embedding of the region that fits a box best: by IoU times quality, among those that overlap it enough, [D].</summary>
    /// <exception cref="ArgumentException">None does.</exception>
    internal float[] EmbeddingAt(Box box, float leastIoU, string what, string parameter)
    {
        var fit = Enumerable.Range(0, Count).Where(r => _boxes[r].IoU(box) >= leastIoU).DefaultIfEmpty(-1).MaxBy(r => r < 0 ? 0 : _boxes[r].IoU(box) * _qualities[r]);
        return fit >= 0 ? Embedding(fit).ToArray() : throw new ArgumentException(
            $"{what}: no region overlaps the box {box} by {leastIoU} (IoU), the nearest by {_boxes.Select(b => b.IoU(box)).DefaultIfEmpty().Max():0.00}; draw the box close around one object.", parameter);
    }

    /// <summary>What the regions show of a vocabulary.</summary>
    internal DetectionList Ask(EncodedVocabulary vocabulary, SelectionOptions selection)
    {
        if (vocabulary.Concepts.Count == 0) return DetectionList.Empty;
        var selector = new DetectionSelector(vocabulary, selection);
        foreach (var view in ScoreViews(vocabulary)) selector.Add(view.Boxes, view.Scores, view.Tile, isOnly: _tiles.Length == 1);
        return selector.Select();
    }

    /// <summary>The regions of each view with their scores of phrases.</summary>
    internal IReadOnlyList<ScoredView> ScoreViews(EncodedVocabulary vocabulary)
    {
        var phrases = vocabulary.Plan.PhraseCount;
        var scores = Score(vocabulary.Embeddings, phrases);
        var views = new List<ScoredView>();
        var start = 0;
        foreach (var (tile, count) in _tiles)
        {
            views.Add(new(tile, _boxes[start..(start + count)], scores[(start * phrases)..((start + count) * phrases)]));
            start += count;
        }
        return views;
    }

    /// <summary>The score of each region for each phrase, [R, P].</summary>
    private float[] Score(float[] embeddings, int phrases)
    {
        var scores = new float[checked(Count * phrases)];
        Parallel.For(0, Count, region =>
        {
            for (var p = 0; p < phrases; p++)
                scores[region * phrases + p] =
                    Scoring.Score(Vectors.Dot(Embedding(region), embeddings.AsSpan(p * EmbeddingWidth, EmbeddingWidth)), _qualities[region]);
        });
        return scores;
    }

    /// <summary>The regions of an image's views as one list.</summary>
    internal static RegionList Join(DetectorManifest manifest, ImageSize image, IReadOnlyList<TileRegions> tiles) => new(
        Concat([.. tiles.Select(t => t.Boxes)]), Concat([.. tiles.Select(t => t.Embeddings)]), Concat([.. tiles.Select(t => t.Qualities)]),
        [.. tiles.Select(t => (t.Tile, t.Boxes.Length))])
    {
        EmbeddingWidth = manifest.EmbeddingWidth, ImageSize = image, Scoring = manifest.Scoring!, TextEncoderHash = manifest.TextEncoderHash,
        Bound = tiles.Max(t => t.IsComplete ? 0 : manifest.Scoring!.Bound(t.Qualities[^1])),
    };

    private static T[] Concat<T>(T[][] parts)
    {
        if (parts.Length == 1) return parts[0];
        var all = new T[parts.Sum(p => p.Length)];
        var start = 0;
        foreach (var part in parts)
        {
            part.CopyTo(all, start);
            start += part.Length;
        }
        return all;
    }
}

/// <summary>The regions of one view of an image, best quality first.</summary>
/// <param name="Tile">The part of the image that it shows.</param>
/// <param name="Boxes">In pixels of the image, [R].</param>
/// <param name="Embeddings">[R, D]</param>
/// <param name="Qualities">[R]</param>
/// <param name="IsComplete">Whether no region was left out.</param>
internal sealed record TileRegions(ImageTile Tile, Box[] Boxes, float[] Embeddings, float[] Qualities, bool IsComplete);
