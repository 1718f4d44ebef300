namespace QuickStart.World;

/// <summary>Colours of the world's objects.</summary>
public enum Colour { Red, Orange, Yellow, Green, Blue, Purple, White, Black }

/// <summary>Outlines of the world's objects.</summary>
public enum Shape { Circle, Square, Triangle, Star, Cross, Ring, Heart, Moon }

/// <summary>Surfaces of the world's objects: one tone, or a darker or lighter second tone in a pattern.</summary>
public enum Texture { Plain, Striped, Dotted, Checkered }

/// <summary>What an object is: the world has one concept for each combination.</summary>
public readonly record struct ObjectKind(Texture Texture, Colour Colour, Shape Shape)
{
    /// <summary>All kinds; the position is the category's number in the annotation files, less 1.</summary>
    public static IReadOnlyList<ObjectKind> All { get; } =
    [
        .. from shape in Enum.GetValues<Shape>() from colour in Enum.GetValues<Colour>() from texture in Enum.GetValues<Texture>() select new ObjectKind(texture, colour, shape),
    ];

    /// <summary>Such as "red star" or "striped red star": what a person would say.</summary>
    public string Name => (Texture == Texture.Plain ? "" : $"{Texture} ".ToLowerInvariant()) + $"{Colour} {Shape}".ToLowerInvariant();

    /// <summary>False for the colours of shapes that are never boxed in training, though the colour and the shape each are: 1 of 8 combinations.</summary>
    public bool Seen => (int)Colour != (3 * (int)Shape + 1) % Enum.GetValues<Colour>().Length;
}
