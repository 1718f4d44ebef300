namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Ids in their order: small numbers that stand for them.</summary>
internal static class Positions
{
    /// <summary>The place of each id in their sorted order; an id that occurs twice counts once.</summary>
    public static Dictionary<T, int> Of<T>(IEnumerable<T> ids) where T : notnull =>
        ids.Distinct().Order().Select((id, position) => (id, position)).ToDictionary(pair => pair.id, pair => pair.position);
}
