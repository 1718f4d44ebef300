using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Which parameters are not trained: named by patterns, such as "backbone", "backbone.layers.0.*" or "*.norm*".</summary>
internal static class FrozenParameters
{
    /// <summary>Turns gradients off for what is frozen and on for everything else.</summary>
    /// <param name="network">Its parameters by name.</param>
    /// <param name="patterns">Names or their beginnings up to a dot; a star stands for any characters.</param>
    /// <param name="textToo">Whether the text encoder is frozen as a whole.</param>
    /// <exception cref="ArgumentException">A pattern names nothing, or nothing is left to train.</exception>
    public static void Apply(nn.Module network, IReadOnlyList<string> patterns, bool textToo)
    {
        var names = network.named_parameters().ToArray();
        CheckEach(patterns, [.. names.Select(p => p.name)]);
        foreach (var (name, parameter) in names)
            parameter.requires_grad = !(textToo && ParameterGroups.IsText(name)) && !patterns.Any(pattern => Matches(pattern, name));
        if (names.All(p => !p.parameter.requires_grad)) throw new ArgumentException("Every parameter is frozen; there is nothing left to train.");
    }

    /// <summary>Whether a pattern means a parameter.</summary>
    public static bool Matches(string pattern, string name) => pattern.Contains('*')
        ? System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\"), name, ignoreCase: false)
        : name == pattern || name.StartsWith(pattern + ".", StringComparison.Ordinal);

    private static void CheckEach(IReadOnlyList<string> patterns, string[] names)
    {
        foreach (var pattern in patterns)
            if (!names.Any(name => Matches(pattern, name)))
                throw new ArgumentException($"Freeze names '{pattern}', but no parameter is called so; the nearest is '{Nearest(pattern, names)}'.");
    }

    private static string Nearest(string pattern, string[] names)
    {
        var wanted = pattern.TrimEnd('*').TrimEnd('.');
        return names.SelectMany(Beginnings).Distinct().MinBy(name => Distance(wanted, name))!;
    }

    /// <summary>"a.b.c" → "a", "a.b", "a.b.c".</summary>
    private static IEnumerable<string> Beginnings(string name) =>
        name.Index().Where(c => c.Item == '.').Select(c => name[..c.Index]).Append(name);

    /// <summary>The fewest letters to insert, remove or replace (Levenshtein 1966).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}
