using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>Type of a column that holds a <see cref="DetectionList"/> in each row.</summary>
/// <remarks>Like images, such a column is left out by ML.NET's Cache, ShuffleRows and binary files; the columns of labels, scores and boxes are not.</remarks>
public sealed class DetectionsDataViewType : StructuredDataViewType
{
    private DetectionsDataViewType() : base(typeof(DetectionList)) { }

    /// <summary>The only one.</summary>
    public static DetectionsDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is DetectionsDataViewType;

    /// <inheritdoc/>
    public override bool Equals(object? other) => Equals(other as DataViewType);

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(DetectionsDataViewType).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => "Detections";
}
