using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What of a weight file found its place in a module. Nothing is written before <see cref="Apply"/>.</summary>
internal sealed class WeightImport
{
    private readonly SafeTensorsFile _file;
    private readonly List<(Tensor Target, string Source)> _matches = [];

    private WeightImport(SafeTensorsFile file) => _file = file;

    /// <summary>Our names that get a value.</summary>
    public required IReadOnlyList<string> Matched { get; init; }

    /// <summary>Our names for which the file has nothing; they keep their values.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Names of the file that nothing here asks for.</summary>
    public required IReadOnlyList<string> Unused { get; init; }

    /// <summary>Pairs of one name and two shapes, each said in words.</summary>
    public required IReadOnlyList<string> WrongShape { get; init; }

    /// <summary>Pairs the file's tensors with a module's parameters and buffers, by name.</summary>
    /// <param name="target">The module.</param>
    /// <param name="file">Stays open until <see cref="Apply"/>.</param>
    /// <param name="rename">The target's name for a name of the file, or null where it has none.</param>
    public static WeightImport Plan(nn.Module target, SafeTensorsFile file, Func<string, string?> rename)
    {
        var ours = target.state_dict();
        var pairs = file.Tensors.Select(t => (Theirs: t, Ours: rename(t.Name))).ToArray();
        var known = pairs.Where(p => p.Ours is not null && ours.ContainsKey(p.Ours)).ToArray();
        var fitting = known.Where(p => ours[p.Ours!].shape.SequenceEqual(p.Theirs.Shape)).ToArray();
        var import = new WeightImport(file)
        {
            Matched = [.. fitting.Select(p => p.Ours!)],
            Missing = [.. ours.Keys.Except(known.Select(p => p.Ours!))],
            Unused = [.. pairs.Except(known).Select(p => p.Theirs.Name)],
            WrongShape = [.. known.Except(fitting).Select(p =>
                $"{p.Ours} is [{string.Join(", ", ours[p.Ours!].shape)}], the file's {p.Theirs.Name} is [{string.Join(", ", p.Theirs.Shape)}]")],
        };
        import._matches.AddRange(fitting.Select(p => (ours[p.Ours!], p.Theirs.Name)));
        return import;
    }

    /// <summary>Copies what matched into the module.</summary>
    /// <exception cref="InvalidDataException">A shape differs, or nothing matched: the file is of another network. Nothing was written.</exception>
    public WeightImport Apply()
    {
        if (WrongShape.Count > 0) throw new InvalidDataException($"'{_file.Path}' holds another network's weights: {string.Join("; ", WrongShape)}.");
        if (Matched.Count == 0) throw new InvalidDataException($"'{_file.Path}' holds nothing by the names that are expected; it has {string.Join(", ", Unused.Take(5))}, ….");
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (target, source) in _matches) target.copy_(tensor(_file.ReadSingles(source), [.. _file[source].Shape]));
        return this;
    }

    /// <summary>Such as "173 matched; 2 missing: norm1.weight, norm1.bias; 1 not used: head.weight".</summary>
    public override string ToString()
    {
        var lists = new[] { (Missing, "missing"), (Unused, "not used"), (WrongShape, "of wrong shape") };
        return string.Join("; ", lists.Where(l => l.Item1.Count > 0).Select(l => $"{l.Item1.Count} {l.Item2}: {string.Join(", ", l.Item1)}").Prepend($"{Matched.Count} matched"));
    }
}
