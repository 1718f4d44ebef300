namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>What LVIS knows of each image and category: whether a detection there is right or wrong, or nobody can say.</summary>
internal sealed class FederatedRules
{
    private readonly Dictionary<long, int> _images;
    private readonly Dictionary<int, int> _categories;
    private readonly HashSet<(int Image, int Category)> _known = [];

    /// <param name="groundTruth">The data set.</param>
    /// <param name="images">Position of each image.</param>
    /// <param name="categories">Position of each category.</param>
    public FederatedRules(LvisGroundTruth groundTruth, Dictionary<long, int> images, Dictionary<int, int> categories)
    {
        (_images, _categories) = (images, categories);
        Truths = [.. groundTruth.Boxes.Where(box => HasArea(box.Area) && categories.ContainsKey(box.CategoryId)).Select(box => box with { IsCrowd = false })];
        foreach (var box in Truths)
            if (images.TryGetValue(box.ImageId, out var image)) _known.Add((image, categories[box.CategoryId]));
        foreach (var image in groundTruth.Images)
        {
            _known.UnionWith(Pairs(image.Id, image.AbsentCategoryIds));
            PartlyAnnotated.UnionWith(Pairs(image.Id, image.PartlyAnnotatedCategoryIds));
        }
    }

    /// <summary>The objects that are looked at.</summary>
    public GroundTruthBox[] Truths { get; }

    /// <summary>Positions of images and categories where not every object is annotated.</summary>
    public HashSet<(int Image, int Category)> PartlyAnnotated { get; } = [];

    /// <summary>The detections of which it is known whether they are right.</summary>
    public DetectionResult[] Select(DetectionResult[] detections) => Array.FindAll(detections, IsKnown);

    private bool IsKnown(DetectionResult detection) =>
        HasArea(detection.Width * detection.Height)
        && _categories.TryGetValue(detection.CategoryId, out var category)
        && _known.Contains((_images[detection.ImageId], category));

    private static bool HasArea(double area) => area is > 0 and < double.PositiveInfinity;

    private IEnumerable<(int, int)> Pairs(long image, IReadOnlyList<int> categories) =>
        categories.Where(_categories.ContainsKey).Select(category => (_images[image], _categories[category]));
}
