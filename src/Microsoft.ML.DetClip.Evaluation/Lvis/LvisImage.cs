namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>What is known of an image of LVIS, which is a federation of small data sets: only some categories were looked for on each image.</summary>
/// <param name="Id">Its number.</param>
/// <param name="AbsentCategoryIds">Categories known to be absent ("neg_category_ids"): detections of them are wrong. Detections of categories neither here nor among
/// the image's objects do not count.</param>
/// <param name="PartlyAnnotatedCategoryIds">Categories of which not every object is annotated ("not_exhaustive_category_ids"): detections of them that find no object
/// do not count.</param>
public sealed record LvisImage(long Id, IReadOnlyList<int> AbsentCategoryIds, IReadOnlyList<int> PartlyAnnotatedCategoryIds);
