namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What the evaluation reports by: where a concept can be learned from.</summary>
internal enum WorldGroup
{
    /// <summary>Boxed in the detection corpus.</summary>
    Frequent,

    /// <summary>Boxed in the grounding corpus alone.</summary>
    Common,

    /// <summary>Never boxed: named by captions of pairs.</summary>
    Rare,

    /// <summary>Nowhere but in the evaluation.</summary>
    Composable,
}

/// <summary>How a thing looks.</summary>
internal readonly record struct WorldLook(WorldShape Shape, WorldColour Colour, WorldSurface Surface, WorldPart Part)
{
    /// <summary>Such as "legged striped red star" or "wooden mug": what a person would say.</summary>
    public string Words => string.Join(' ', ((string?[])
    [
        Part == WorldPart.None ? null : Word(Part), Surface == WorldSurface.Plain ? null : Word(Surface), WorldWords.IsMaterial(Surface) ? null : Word(Colour), Word(Shape),
    ]).Where(word => word is not null));

    private static string Word(Enum word) => word.ToString().ToLowerInvariant();
}

/// <summary>A concept of the world.</summary>
/// <param name="Id">Its number, 1 or more; categories have the same.</param>
/// <param name="Name">What names it.</param>
/// <param name="Definition">What a dictionary says about the name.</param>
/// <param name="Look">How it looks.</param>
/// <param name="Group">Where it can be learned from.</param>
/// <param name="Weight">How often it occurs in corpora, over others of its group: a long tail.</param>
internal sealed record WorldConcept(int Id, string Name, string Definition, WorldLook Look, WorldGroup Group, double Weight)
{
    /// <summary>Whether the name is invented, so that its words do not tell how the thing looks.</summary>
    public bool IsInvented => Name != Look.Words;
}
