namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Sorts a data set's boxes by what is compared with what: category, image, score.</summary>
internal sealed class BoxGrouping
{
    private readonly GroundTruthBox[] _truths;
    private readonly DetectionResult[] _detections;
    private readonly BoxKey[][] _truthKeys; // of each group, in the order given
    private readonly BoxKey[][] _detectionKeys;
    private readonly int _maxDetections;
    private readonly IReadOnlySet<(int Image, int Category)>? _partlyAnnotated;

    /// <param name="images">Position of each image id in their sorted order; boxes of other images are left out.</param>
    /// <param name="categories">Position of each category id in their sorted order; boxes of other categories are left out.</param>
    /// <param name="truths">All annotated boxes.</param>
    /// <param name="detections">All detections.</param>
    /// <param name="together">All categories form one group.</param>
    /// <param name="maxDetections">The most detections kept of each image in a group.</param>
    /// <param name="partlyAnnotated">Positions of images and categories where not every object is annotated; null for none.</param>
    public BoxGrouping(
        Dictionary<long, int> images, Dictionary<int, int> categories, GroundTruthBox[] truths, DetectionResult[] detections, bool together = false,
        int maxDetections = int.MaxValue, IReadOnlySet<(int Image, int Category)>? partlyAnnotated = null)
    {
        (_truths, _detections, _maxDetections, _partlyAnnotated) = (truths, detections, maxDetections, partlyAnnotated);
        var groups = together ? 1 : categories.Count;
        var keys = new List<BoxKey>(Math.Max(truths.Length, detections.Length));
        for (var i = 0; i < truths.Length; i++)
            if (images.TryGetValue(truths[i].ImageId, out var image) && categories.TryGetValue(truths[i].CategoryId, out var category))
                keys.Add(new(image, 0, category, i));
        _truthKeys = Split(keys, groups);
        keys.Clear();
        for (var i = 0; i < detections.Length; i++)
            if (images.TryGetValue(detections[i].ImageId, out var image) && categories.TryGetValue(detections[i].CategoryId, out var category))
                keys.Add(new(image, detections[i].Score, category, i));
        _detectionKeys = Split(keys, groups);
    }

    /// <summary>Number of groups: of categories, or 1.</summary>
    public int Count => _truthKeys.Length;

    /// <summary>The boxes of one group. Threads may ask for different groups at once.</summary>
    public CategoryBoxes this[int group]
    {
        get
        {
            var (truths, detections) = (_truthKeys[group], _detectionKeys[group]);
            Array.Sort(truths);
            Array.Sort(detections);
            var ranks = RankWithinImage(ref detections);
            return new()
            {
                Detections = Array.ConvertAll(detections, key => _detections[key.Index]),
                Ranks = ranks,
                Truths = Array.ConvertAll(truths, key => _truths[key.Index]),
                Images = Slice(detections, truths, group),
            };
        }
    }

    private static BoxKey[][] Split(List<BoxKey> keys, int groups)
    {
        if (groups == 1) return [[.. keys]];
        var counts = new int[groups];
        foreach (var key in keys) counts[key.Category]++;
        var split = Array.ConvertAll(counts, count => new BoxKey[count]);
        Array.Clear(counts);
        foreach (var key in keys) split[key.Category][counts[key.Category]++] = key;
        return split;
    }

    /// <summary>Drops what is beyond the limit, and says which place each of the rest takes in its image.</summary>
    private int[] RankWithinImage(ref BoxKey[] keys)
    {
        var ranks = new int[keys.Length];
        var (kept, rank) = (0, 0);
        for (var i = 0; i < keys.Length; i++)
        {
            rank = i > 0 && keys[i].Image == keys[i - 1].Image ? rank + 1 : 0;
            if (rank >= _maxDetections) continue;
            (keys[kept], ranks[kept]) = (keys[i], rank);
            kept++;
        }
        Array.Resize(ref keys, kept);
        Array.Resize(ref ranks, kept);
        return ranks;
    }

    private ImageBoxes[] Slice(BoxKey[] detections, BoxKey[] truths, int group)
    {
        var slices = new List<ImageBoxes>();
        for (int d = 0, t = 0; d < detections.Length || t < truths.Length;)
        {
            var image = Math.Min(d < detections.Length ? detections[d].Image : int.MaxValue, t < truths.Length ? truths[t].Image : int.MaxValue);
            var (firstDetection, firstTruth) = (d, t);
            while (d < detections.Length && detections[d].Image == image) d++;
            while (t < truths.Length && truths[t].Image == image) t++;
            slices.Add(new(image, firstDetection, d - firstDetection, firstTruth, t - firstTruth, _partlyAnnotated?.Contains((image, group)) ?? false));
        }
        return [.. slices];
    }

    /// <summary>Image, then score downwards, then what a stable sort of the official order would leave: category, place in the file.</summary>
    private readonly record struct BoxKey(int Image, double Score, int Category, int Index) : IComparable<BoxKey>
    {
        public int CompareTo(BoxKey other)
        {
            if (Image != other.Image) return Image.CompareTo(other.Image);
            if (Score != other.Score) return other.Score.CompareTo(Score);
            return Category != other.Category ? Category.CompareTo(other.Category) : Index.CompareTo(other.Index);
        }
    }
}
