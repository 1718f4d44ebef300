namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>The boxes that are compared with each other: those of one category, or of all when categories do not count, image by image.</summary>
internal sealed class CategoryBoxes
{
    /// <summary>Image after image in the order of their ids; within an image the best first, equal scores in the order given.</summary>
    public required DetectionResult[] Detections { get; init; }

    /// <summary>For each detection, how many better ones its image has in this category.</summary>
    public required int[] Ranks { get; init; }

    /// <summary>Image after image, in the order given.</summary>
    public required GroundTruthBox[] Truths { get; init; }

    /// <summary>Where each image's boxes stand; images with neither are left out.</summary>
    public required ImageBoxes[] Images { get; init; }
}

/// <summary>Where the boxes of one image stand in <see cref="CategoryBoxes"/>.</summary>
/// <param name="Image">The image's place in the order of ids.</param>
/// <param name="FirstDetection">Index of its first detection.</param>
/// <param name="DetectionCount">How many follow each other.</param>
/// <param name="FirstTruth">Index of its first truth.</param>
/// <param name="TruthCount">How many follow each other.</param>
/// <param name="StraysAreIgnored">Not every object of this category is annotated on this image, so that a detection without truth is not wrong.</param>
internal readonly record struct ImageBoxes(
    int Image, int FirstDetection, int DetectionCount, int FirstTruth, int TruthCount, bool StraysAreIgnored);
