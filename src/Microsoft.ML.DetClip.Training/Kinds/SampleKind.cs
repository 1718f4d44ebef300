namespace Microsoft.ML.DetClip.Training;

/// <summary>What is known of an image, and so what can be learned from it. DetCLIPv2, section 3.1.</summary>
public enum SampleKind
{
    /// <summary>Boxes, each of a category: whatever of the data's other categories is asked about the image, it does not show.</summary>
    Detection,

    /// <summary>Boxes, each of a phrase of the caption: what is not in the caption may be there all the same.</summary>
    Grounding,

    /// <summary>A caption and its noun phrases, without boxes.</summary>
    Pairs,
}
