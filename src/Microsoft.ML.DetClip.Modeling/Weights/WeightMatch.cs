using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>One weight of the network and what a file has for it.</summary>
internal sealed class WeightMatch
{
    /// <summary>The table that may be longer in a file: its texts were longer. Ours gets the first positions.</summary>
    private const string Positions = "positional_embedding";

    private const string Tokens = "token_embedding.weight";

    private readonly Tensor _target;
    private readonly WeightSource _source;
    private readonly bool _isOptional;
    private readonly long[]? _shape; // what the file's tensors make; null when one is missing or they do not join

    private WeightMatch(string name, Tensor target, WeightSource source, bool isOptional, SafeTensorsFile file)
    {
        (Name, _target, _source, _isOptional) = (name, target, source, isOptional);
        IsMissing = source.Names.Count == 0 || !source.Names.All(file.Contains);
        _shape = IsMissing ? null : ShapeOf(source, file);
    }

    /// <summary>Our name, such as "text.positional_embedding".</summary>
    public string Name { get; }

    /// <summary>The file's names.</summary>
    public IReadOnlyList<string> Sources => _source.Names;

    /// <summary>True when the file lacks what it needs.</summary>
    public bool IsMissing { get; }

    /// <summary>True when the weight can be taken.</summary>
    public bool Fits => _shape is not null && (_shape.SequenceEqual(_target.shape) || IsCut);

    /// <summary>Such as "text.positional_embedding to the first 16 of 77 positions"; null when nothing is cut.</summary>
    public string? Cut => IsCut ? $"{Name} to the first {_target.shape[0]} of {_shape![0]} positions" : null;

    /// <summary>Both shapes, in words.</summary>
    public string Shapes => $"{Name} is [{string.Join(", ", _target.shape)}], the file's {string.Join(" + ", Sources)} [{string.Join(", ", _shape ?? [])}]";

    /// <summary>Why the file cannot be of this network; null when this weight does not speak against it.</summary>
    public string? Fault => Fits || _isOptional ? null : IsMissing ? $"{Name} is missing" : Name.EndsWith(Tokens, StringComparison.Ordinal) ? $"{Shapes}: tokens of another vocabulary" : Shapes;

    private bool IsCut => Name.EndsWith(Positions, StringComparison.Ordinal) && _shape is [var rows, var width] && rows > _target.shape[0] && width == _target.shape[1];

    /// <summary>All weights of the naming's part, each with what the file has; none when the file has no such names.</summary>
    public static IReadOnlyList<WeightMatch> Of(WeightNaming naming, IReadOnlyDictionary<string, Tensor> weights, SafeTensorsFile file)
    {
        if (naming.PrefixIn(file) is not { } prefix) return [];
        return [.. weights.Where(w => w.Key.StartsWith(naming.Part, StringComparison.Ordinal)).Select(w =>
        {
            var name = w.Key[naming.Part.Length..];
            var source = naming.SourceOf(name);
            return new WeightMatch(w.Key, w.Value, source with { Names = [.. source.Names.Select(n => prefix + n)] }, naming.Optional.Contains(name), file);
        })];
    }

    /// <summary>Copies the file's values into the weight, which must <see cref="Fits">fit</see>.</summary>
    public void CopyFrom(SafeTensorsFile file)
    {
        var parts = Sources.Select(name => tensor(file.ReadSingles(name), [.. file[name].Shape])).ToArray();
        var value = parts.Length == 1 ? parts[0] : cat(parts);
        if (_source.IsTransposed) value = value.t();
        if (IsCut) value = value.narrow(0, 0, _target.shape[0]);
        _target.copy_(value);
    }

    private static long[]? ShapeOf(WeightSource source, SafeTensorsFile file)
    {
        var shapes = source.Names.Select(name => file[name].Shape.ToArray()).ToArray();
        if (shapes.Any(s => !s.Skip(1).SequenceEqual(shapes[0].Skip(1)))) return null;
        var joined = shapes.Length == 1 ? shapes[0] : [shapes.Sum(s => s[0]), .. shapes[0].Skip(1)];
        return source.IsTransposed ? [.. joined.Reverse()] : joined;
    }
}
