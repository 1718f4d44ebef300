using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>Type of a column that holds a <see cref="RegionList"/> in each row.</summary>
/// <remarks>Like images, such a column is left out by ML.NET's Cache, ShuffleRows and binary files; <see cref="RegionList.Save"/> keeps a list.</remarks>
public sealed class RegionsDataViewType : StructuredDataViewType
{
    private RegionsDataViewType() : base(typeof(RegionList)) { }

    /// <summary>The only one.</summary>
    public static RegionsDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is RegionsDataViewType;

    /// <inheritdoc/>
    public override bool Equals(object? other) => Equals(other as DataViewType);

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(RegionsDataViewType).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => "Regions";
}

/// <summary>Marks a property of type <see cref="RegionList"/> of a row class as a column of regions.</summary>
/// <example><code>class Output { [Regions] public RegionList? Regions { get; set; } }</code></example>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class RegionsAttribute : DataViewTypeAttribute
{
    /// <summary>Tells ML.NET which column type the marked property has; ML.NET calls this itself.</summary>
    public override void Register() => DataViewTypeManager.Register(RegionsDataViewType.Instance, typeof(RegionList), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is RegionsAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? other) => Equals(other as DataViewTypeAttribute);

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(RegionsAttribute).GetHashCode();
}
