using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What of a published weight file finds its place in the network, by name and shape, never by position. Nothing is written before <see cref="Apply"/>.</summary>
/// <remarks>Read are Swin transformers by the names of torchvision, their authors, timm and Hugging Face, and CLIP's text encoder by those of OpenAI and Hugging Face.</remarks>
internal sealed partial class WeightImport
{
    private readonly SafeTensorsFile _file;
    private readonly IReadOnlyList<WeightMatch> _matches;

    private WeightImport(SafeTensorsFile file, IReadOnlyList<WeightNaming> namings, IReadOnlyList<WeightMatch> matches)
    {
        (_file, _matches, Namings) = (file, matches, [.. namings.Select(n => n.Title)]);
        var used = matches.SelectMany(m => m.Sources).ToHashSet();
        Unused = [.. file.Tensors.Select(t => t.Name).Where(name => !used.Contains(name) && !IsTableOfIndices(name))];
        var patterns = used.Select(WithoutNumbers).ToHashSet();
        Surplus = [.. Unused.Where(name => patterns.Contains(WithoutNumbers(name)))];
    }

    /// <summary>Whose names the file has; none when they are not known.</summary>
    public IReadOnlyList<string> Namings { get; }

    /// <summary>Our names that get a value.</summary>
    public IReadOnlyList<string> Matched => [.. _matches.Where(m => m.Fits).Select(m => m.Name)];

    /// <summary>Our names of the parts recognised for which the file has nothing; they keep their values.</summary>
    public IReadOnlyList<string> Missing => [.. _matches.Where(m => m.IsMissing).Select(m => m.Name)];

    /// <summary>Names of the file that nothing here asks for, tables of indices aside.</summary>
    public IReadOnlyList<string> Unused { get; }

    /// <summary>Those of <see cref="Unused"/> that belong to a layer like one of ours: the file's network is deeper.</summary>
    private IReadOnlyList<string> Surplus { get; }

    /// <summary>Reads a file into the network.</summary>
    /// <returns>The report.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no safetensors file, or of another network, as <see cref="Apply"/> says.</exception>
    public static string Into(DetClipNetwork network, string path)
    {
        using var file = SafeTensorsFile.Open(path);
        var import = Plan(network, file);
        import.Apply();
        return import.ToString();
    }

    /// <summary>Finds the file's part of the network and pairs it with the network's weights.</summary>
    /// <param name="network">The network; not changed.</param>
    /// <param name="file">Stays open until <see cref="Apply"/>.</param>
    public static WeightImport Plan(DetClipNetwork network, SafeTensorsFile file)
    {
        var weights = network.state_dict();
        var candidates = WeightNaming.All.Select(naming => (Naming: naming, Matches: WeightMatch.Of(naming, weights, file)));
        var best = candidates.GroupBy(c => c.Naming.Part).Select(part => part.MaxBy(c => c.Matches.Count(m => !m.IsMissing))).Where(c => c.Matches.Any(m => !m.IsMissing)).ToArray();
        return new(file, [.. best.Select(c => c.Naming)], [.. best.SelectMany(c => c.Matches)]);
    }

    /// <summary>Copies what matched into the network.</summary>
    /// <exception cref="InvalidDataException">The file's names are not known, or it is of a network of other sizes: says which weights show it. Nothing was written.</exception>
    public void Apply()
    {
        if (_matches.Count == 0)
            throw new InvalidDataException($"'{_file.Path}' holds neither a Swin transformer nor CLIP's text encoder by names that are known; it has {Shorten(Unused)}.");
        var faults = _matches.Select(m => m.Fault).OfType<string>().Concat(Surplus.Select(name => $"{name} has no place")).ToArray();
        if (faults.Length > 0) throw new InvalidDataException($"'{_file.Path}' holds the weights of a network of other sizes: {Few(faults)}.");
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var match in _matches.Where(m => m.Fits)) match.CopyFrom(_file);
    }

    /// <summary>The report: whose names, how many taken, and each weight that was not, by its reason.</summary>
    public override string ToString()
    {
        var other = _matches.Where(m => !m.Fits && !m.IsMissing).Select(m => m.Shapes);
        var lines = new[]
        {
            $"{Path.GetFileName(_file.Path)}: {(Namings.Count == 0 ? "unknown names" : string.Join(" and ", Namings))}; {Matched.Count} weights taken",
            Line("cut", _matches.Select(m => m.Cut).OfType<string>()),
            Line("of another shape, left as they were", other),
            Line("not in the file, left as they were", Missing),
            Unused.Count == 0 ? "" : $"in the file, not used: {Shorten(Unused)}",
        };
        return string.Join("\n  ", lines.Where(line => line.Length > 0));
    }

    private static string Line(string title, IEnumerable<string> items) => items.Any() ? $"{title}: {string.Join(", ", items)}" : "";

    private static string Few(IReadOnlyList<string> items)
    {
        const int Shown = 8;
        return string.Join("; ", items.Take(Shown)) + (items.Count > Shown ? $"; and {items.Count - Shown} more" : "");
    }

    // "visual.* (152), logit_scale": a part of a network that is not used has hundreds of names.
    private static string Shorten(IEnumerable<string> names) => string.Join(", ", names
        .GroupBy(name => name.Split('.')[0])
        .Select(part => part.Count() > 2 ? $"{part.Key}.* ({part.Count()})" : string.Join(", ", part)));

    // Made anew by every implementation; some store them, too.
    private static bool IsTableOfIndices(string name) => name.Split('.')[^1] is "relative_position_index" or "attn_mask" or "position_ids";

    private static string WithoutNumbers(string name) => Number().Replace(name, "#");

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
