using System.Globalization;

namespace Microsoft.ML.DetClip.Benchmarks;

/// <summary>What follows a benchmark's name on the command line: pairs of <c>--name value</c>.</summary>
internal sealed class BenchmarkOptions
{
    private readonly Dictionary<string, string> _values;

    private BenchmarkOptions(Dictionary<string, string> values) => _values = values;

    /// <exception cref="ArgumentException">Not pairs of an option and its value.</exception>
    public static BenchmarkOptions Parse(string[] args)
    {
        var pairs = args.Chunk(2).ToArray();
        if (pairs.FirstOrDefault(p => p.Length < 2 || !p[0].StartsWith("--", StringComparison.Ordinal)) is { } bad)
            throw new ArgumentException($"'{string.Join(' ', bad)}' is not an option with its value; write --name value.");
        return new(pairs.ToDictionary(p => p[0][2..], p => p[1]));
    }

    /// <summary>The value of an option, or what stands for it when it is not given.</summary>
    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    /// <summary>The value of an option as a number, or what stands for it when it is not given.</summary>
    public double Number(string name, double otherwise) =>
        _values.TryGetValue(name, out var value) ? double.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>The value of an option as a whole number, or what stands for it when it is not given.</summary>
    public int Count(string name, int otherwise) => (int)Number(name, otherwise);
}
