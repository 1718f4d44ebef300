namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Outlines of objects.</summary>
internal enum WorldShape
{
    Ball, Box, Star, Ring, House, Fish, Mug, Tree, Heart, Arrow, Moon, Boat, Mushroom, Bell, Key, Bottle, Crown, Leaf, Cross, Flower, Cloud, Gem,
}

/// <summary>Colours of objects; what is made of a material has the material's own.</summary>
internal enum WorldColour
{
    Red, Yellow, Green, Blue, White, Purple, Orange, Black, Pink, Turquoise,
}

/// <summary>What covers an object, or what it is made of.</summary>
internal enum WorldSurface
{
    Plain, Striped, Dotted, Checkered, Wavy, Zigzag, Wooden, Metal, Glass, Brick, Woven,
}

/// <summary>What is attached to an object.</summary>
internal enum WorldPart
{
    None, Legged, Eared, Winged, Flagged,
}

/// <summary>Where a word is met first.</summary>
internal enum WordOrigin
{
    /// <summary>In names of the detection corpus.</summary>
    Detection,

    /// <summary>In phrases of the grounding corpus.</summary>
    Grounding,

    /// <summary>In captions of the pairs.</summary>
    Pairs,
}

/// <summary>The words of a world, and where each is met first.</summary>
/// <remarks>A concept of the grounding corpus or of the pairs has exactly one word that is met there first, so that what is new can be told from what is known.</remarks>
internal sealed class WorldWords
{
    private readonly Dictionary<Enum, WordOrigin> _origins = [];

    private WorldWords(params (WordOrigin Origin, Enum[] Words)[] groups)
    {
        foreach (var (origin, words) in groups)
            foreach (var word in words) _origins.Add(word, origin);
    }

    private static WorldWords Basic { get; } = new(
        (WordOrigin.Detection,
        [
            WorldShape.Ball, WorldShape.Box, WorldShape.Star, WorldShape.Ring, WorldShape.Heart, WorldShape.Cross,
            WorldColour.Red, WorldColour.Yellow, WorldColour.Green, WorldColour.Blue, WorldColour.Purple, WorldColour.Orange,
            WorldSurface.Plain, WorldSurface.Striped, WorldPart.None,
        ]));

    private static WorldWords Few { get; } = new(
        (WordOrigin.Detection,
        [
            WorldShape.Ball, WorldShape.Box, WorldShape.Star, WorldShape.Ring, WorldShape.House, WorldShape.Mug,
            WorldColour.Red, WorldColour.Yellow, WorldColour.Green, WorldColour.Blue,
            WorldSurface.Plain, WorldSurface.Striped, WorldSurface.Wooden, WorldPart.None,
        ]),
        (WordOrigin.Grounding, [WorldShape.Heart, WorldColour.Purple, WorldSurface.Dotted, WorldSurface.Metal, WorldPart.Eared]),
        (WordOrigin.Pairs, [WorldShape.Moon, WorldShape.Boat, WorldColour.Orange, WorldSurface.Checkered, WorldSurface.Glass, WorldPart.Winged]));

    private static WorldWords All { get; } = new(
        (WordOrigin.Detection,
        [
            WorldShape.Ball, WorldShape.Box, WorldShape.Star, WorldShape.Ring, WorldShape.House, WorldShape.Fish, WorldShape.Mug, WorldShape.Tree,
            WorldShape.Key, WorldShape.Bottle, WorldShape.Crown, WorldShape.Cloud,
            WorldColour.Red, WorldColour.Yellow, WorldColour.Green, WorldColour.Blue, WorldColour.White, WorldColour.Black,
            WorldSurface.Plain, WorldSurface.Striped, WorldSurface.Wavy, WorldSurface.Wooden, WorldSurface.Brick, WorldPart.None, WorldPart.Legged,
        ]),
        (WordOrigin.Grounding,
        [
            WorldShape.Heart, WorldShape.Arrow, WorldShape.Bell, WorldShape.Leaf, WorldShape.Cross, WorldColour.Purple, WorldColour.Pink,
            WorldSurface.Dotted, WorldSurface.Metal, WorldPart.Eared,
        ]),
        (WordOrigin.Pairs,
        [
            WorldShape.Moon, WorldShape.Boat, WorldShape.Mushroom, WorldShape.Flower, WorldShape.Gem, WorldColour.Orange, WorldColour.Turquoise,
            WorldSurface.Checkered, WorldSurface.Zigzag, WorldSurface.Glass, WorldSurface.Woven, WorldPart.Winged, WorldPart.Flagged,
        ]));

    /// <summary>The words of a choice.</summary>
    public static WorldWords Of(OpenWorldWords words) => words switch { OpenWorldWords.Basic => Basic, OpenWorldWords.Few => Few, _ => All };

    /// <summary>True for surfaces that bring their own colour.</summary>
    public static bool IsMaterial(WorldSurface surface) => surface >= WorldSurface.Wooden;

    /// <summary>Where a word is met first.</summary>
    public WordOrigin OriginOf(Enum word) => _origins[word];

    /// <summary>The words of a kind, in the order of their enumeration.</summary>
    public IEnumerable<T> Words<T>() where T : struct, Enum => _origins.Keys.OfType<T>().Order();
}
