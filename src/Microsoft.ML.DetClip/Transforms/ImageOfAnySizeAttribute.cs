using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.DetClip;

/// <summary>Marks a property of type <see cref="MLImage"/> of a row class as a column of images, each of its own size.</summary>
/// <remarks>ML.NET's own <see cref="ImageTypeAttribute"/> wants one size for all.</remarks>
/// <example><code>class Input { [ImageOfAnySize] public MLImage Image { get; set; } }</code></example>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ImageOfAnySizeAttribute : DataViewTypeAttribute
{
    /// <summary>Tells ML.NET which column type the marked property has; ML.NET calls this itself.</summary>
    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is ImageOfAnySizeAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? other) => Equals(other as DataViewTypeAttribute);

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(ImageOfAnySizeAttribute).GetHashCode();
}
