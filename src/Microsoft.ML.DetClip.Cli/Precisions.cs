namespace Microsoft.ML.DetClip.Cli;

/// <summary>What the command line calls the numbers that a graph computes with.</summary>
internal static class Precisions
{
    /// <summary>That of the graph which every detector has.</summary>
    public const string Usual = "fp32";

    /// <summary>All of them.</summary>
    public static string[] Names { get; } = [Usual, "fp16", "int8"];

    /// <summary>The precision of a name.</summary>
    public static DetectorPrecision Named(string name) => name switch
    {
        "fp16" => DetectorPrecision.Float16,
        "int8" => DetectorPrecision.Int8,
        _ => DetectorPrecision.Float32,
    };
}
