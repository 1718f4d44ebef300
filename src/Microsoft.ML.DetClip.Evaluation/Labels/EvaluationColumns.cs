namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>The columns of predictions that are measured; the defaults are those of the data sets and detectors of this suite. Boxes are four numbers each, x0 y0 x1 y1
/// in pixels of the original image.</summary>
public sealed record EvaluationColumns
{
    /// <summary>The name of each object: vector of text.</summary>
    public string Labels { get; init; } = "Labels";

    /// <summary>The box of each object: vector of float.</summary>
    public string BoundingBoxes { get; init; } = "BoundingBoxes";

    /// <summary>True where a box surrounds a group: vector of bool. Where there is no such column, none does.</summary>
    public string IsCrowd { get; init; } = "IsCrowd";

    /// <summary>The size of each object in square pixels: vector of float. Where there is no such column, it is the area of the box.</summary>
    public string Areas { get; init; } = "Areas";

    /// <summary>For LVIS, labels known to be absent: vector of text. Where there is no such column, none is.</summary>
    public string AbsentLabels { get; init; } = "AbsentLabels";

    /// <summary>For LVIS, labels of which not every object is annotated: vector of text. Where there is no such column, every object is.</summary>
    public string PartlyAnnotatedLabels { get; init; } = "PartlyAnnotatedLabels";

    /// <summary>The name given to each detection: vector of text.</summary>
    public string PredictedLabels { get; init; } = "PredictedLabel";

    /// <summary>The box of each detection: vector of float.</summary>
    public string PredictedBoundingBoxes { get; init; } = "PredictedBoundingBoxes";

    /// <summary>The score of each detection: vector of float.</summary>
    public string Scores { get; init; } = "Score";

    /// <exception cref="ArgumentException">Names every blank name.</exception>
    internal EvaluationColumns Checked() => new OptionsCheck()
        .NotBlank(Labels).NotBlank(BoundingBoxes).NotBlank(IsCrowd).NotBlank(Areas).NotBlank(AbsentLabels).NotBlank(PartlyAnnotatedLabels)
        .NotBlank(PredictedLabels).NotBlank(PredictedBoundingBoxes).NotBlank(Scores)
        .ThrowIfAny(this, "columns");
}
