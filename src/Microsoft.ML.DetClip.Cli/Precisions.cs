namespace Microsoft.ML.DetClip.Cli;

/// <summary>What the command line calls the numbers that a graph computes with.</summary>
internal static class Precisions
{
    /// <summary>That of the graph which every detector has.</summary>
    public const string Usual = "fp32";

    private static readonly Dictionary<string, DetectorPrecision> All = new()
    {
        [Usual] = DetectorPrecision.Float32, ["fp16"] = DetectorPrecision.Float16, ["int8"] = DetectorPrecision.Int8,
    };

    /// <summary>All of them.</summary>
    public static string[] Names => [.. All.Keys];

    /// <summary>The precision of a name.</summary>
    public static DetectorPrecision Named(string name) => All[name];
}
