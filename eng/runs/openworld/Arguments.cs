using System.Globalization;

namespace OpenWorldRuns;

/// <summary>What is measured, as the command line says it.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    public static Arguments Parse(string[] args)
    {
        var parsed = new Arguments();
        foreach (var pair in args.Chunk(2))
            if (pair is [['-', '-', ..] name, var value]) parsed._values[name[2..]] = value;
            else throw new ArgumentException($"'{pair[0]}' is not understood; options are --name value.");
        return parsed;
    }

    /// <summary>The value of an option.</summary>
    /// <exception cref="ArgumentException">It was not given.</exception>
    public string this[string name] => _values.TryGetValue(name, out var value) ? value : throw new ArgumentException($"--{name} is missing.");

    public string Get(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    public double? Number(string name) => _values.TryGetValue(name, out var value) ? double.Parse(value, CultureInfo.InvariantCulture) : null;
}
