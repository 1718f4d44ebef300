using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>Marks a property of type <see cref="DetectionList"/> of a row class as a column of detections.</summary>
/// <example><code>class Output { [Detections] public DetectionList Detections { get; set; } }</code></example>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class DetectionsAttribute : DataViewTypeAttribute
{
    /// <summary>Tells ML.NET which column type the marked property has; ML.NET calls this itself.</summary>
    public override void Register() => DataViewTypeManager.Register(DetectionsDataViewType.Instance, typeof(DetectionList), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is DetectionsAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? other) => Equals(other as DataViewTypeAttribute);

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(DetectionsAttribute).GetHashCode();
}
