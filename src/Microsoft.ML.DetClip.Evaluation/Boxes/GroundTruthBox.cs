namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>One annotated object. Coordinates are doubles and width-and-height, as the official evaluators hold them: corners in float would change
/// results.</summary>
/// <param name="Id">Number of the annotation, unique in the data set. The official code can never count a match with annotation 0 as right; number from
/// 1.</param>
/// <param name="ImageId">The image it is on.</param>
/// <param name="CategoryId">What it is.</param>
/// <param name="X">Left edge, in pixels.</param>
/// <param name="Y">Top edge, in pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Area">In square pixels; decides small, medium, large. COCO gives the area of the outline, which is less than that of the box.</param>
/// <param name="IsCrowd">The box surrounds a group: it need not be found, and any number of detections inside it are neither right nor wrong. LVIS has no
/// crowds and takes no notice.</param>
/// <param name="IsIgnored">It need not be found, and the detection that finds it is neither right nor wrong. As in the official codes, LVIS heeds this and COCO
/// does not.</param>
public readonly record struct GroundTruthBox(
    long Id, long ImageId, int CategoryId, double X, double Y, double Width, double Height, double Area, bool IsCrowd = false, bool IsIgnored = false);
