namespace QuickStart.World;

/// <summary>How the world looks.</summary>
public sealed record WorldOptions
{
    /// <summary>Shortest side of an image, in pixels.</summary>
    public int MinSide { get; init; } = 160;

    /// <summary>Longest side of an image, in pixels.</summary>
    public int MaxSide { get; init; } = 256;

    /// <summary>Most objects on an image; there is at least one.</summary>
    public int MaxObjects { get; init; } = 6;

    /// <summary>Smallest and largest radius of an object, in pixels.</summary>
    public (float Min, float Max) Radius { get; init; } = (15, 44);

    /// <summary>Least part of an object that is not hidden by others, 0 to 1.</summary>
    public float MinVisible { get; init; } = 0.7f;

    /// <summary>Largest turn of an object to either side, in degrees: a person should still know a heart or a square.</summary>
    public float MaxTurn { get; init; } = 35;

    /// <summary>The surfaces that occur; fewer make a smaller vocabulary.</summary>
    public IReadOnlyList<Texture> Textures { get; init; } = Enum.GetValues<Texture>();

    /// <summary>The colours that occur.</summary>
    public IReadOnlyList<Colour> Colours { get; init; } = Enum.GetValues<Colour>();

    /// <summary>The outlines that occur.</summary>
    public IReadOnlyList<Shape> Shapes { get; init; } = Enum.GetValues<Shape>();

    /// <summary>The kinds of objects that occur, in the order of <see cref="ObjectKind.All"/>.</summary>
    public IReadOnlyList<ObjectKind> Kinds =>
        [.. ObjectKind.All.Where(k => Textures.Contains(k.Texture) && Colours.Contains(k.Colour) && Shapes.Contains(k.Shape))];
}
