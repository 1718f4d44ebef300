namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What some library calls the weights of one part of the network.</summary>
/// <param name="Title">Whose names they are, as a report says it.</param>
/// <param name="Part">The part: what our own names begin with, such as "backbone.".</param>
/// <param name="Anchor">A name that every such file has. What stands before it there, such as "model.", stands before all names.</param>
/// <param name="SourceOf">Where the weight of one of our names comes from, <paramref name="Part"/> cut off; none where such files have nothing like it.</param>
internal sealed record WeightNaming(string Title, string Part, string Anchor, Func<string, WeightSource> SourceOf)
{
    /// <summary>Names under which published weights are found. Of two that fit a file, the one that finds more in it is meant.</summary>
    public static IReadOnlyList<WeightNaming> All { get; } = [.. SwinWeightNames.All, .. ClipWeightNames.All];

    /// <summary>Ours that a file of this kind may lack, or have in another shape: they keep their first values.</summary>
    public required IReadOnlyList<string> Optional { get; init; }

    /// <summary>What stands before each name in this file; null when the file has no such names at all.</summary>
    public string? PrefixIn(SafeTensorsFile file) =>
        file.Tensors.Select(t => t.Name).Where(IsAnchor).Select(name => name[..^Anchor.Length]).MinBy(prefix => prefix.Length);

    // A whole name, or the end of one after a dot.
    private bool IsAnchor(string name) =>
        name.EndsWith(Anchor, StringComparison.Ordinal) && (name.Length == Anchor.Length || name[^(Anchor.Length + 1)] == '.');
}
