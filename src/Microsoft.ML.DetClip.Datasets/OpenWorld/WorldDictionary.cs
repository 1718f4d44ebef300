namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What the world's own dictionary says about its shapes.</summary>
internal static class WorldDictionary
{
    /// <summary>A short definition, which does not use the word itself.</summary>
    public static string Explain(WorldShape shape) => shape switch
    {
        WorldShape.Ball => "a round thing",
        WorldShape.Box => "a square thing",
        WorldShape.Star => "a figure with five points",
        WorldShape.Ring => "a round band",
        WorldShape.House => "a building with a roof",
        WorldShape.Fish => "an animal with a tail",
        WorldShape.Mug => "a vessel with a handle",
        WorldShape.Tree => "a plant with a trunk",
        WorldShape.Heart => "a figure with two round tops",
        WorldShape.Arrow => "a figure that points",
        WorldShape.Moon => "a round thing partly hidden",
        WorldShape.Boat => "a vessel with a sail",
        WorldShape.Mushroom => "a plant with a cap",
        WorldShape.Bell => "a thing that rings",
        WorldShape.Key => "a thing that opens locks",
        WorldShape.Bottle => "a vessel with a neck",
        WorldShape.Crown => "a band with points",
        WorldShape.Leaf => "a flat part of a plant",
        WorldShape.Cross => "a figure of two bars",
        WorldShape.Flower => "a plant with petals",
        WorldShape.Cloud => "a thing in the sky",
        _ => "a cut stone",
    };
}
