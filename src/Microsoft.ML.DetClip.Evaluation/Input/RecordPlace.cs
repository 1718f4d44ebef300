namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>A record of a file, for messages.</summary>
/// <param name="Path">The file.</param>
/// <param name="List">The list it is in; empty when the file is one list.</param>
/// <param name="Index">Which of the list, from 0.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
internal readonly record struct RecordPlace(string Path, string List, int Index, long Offset)
{
    /// <summary>Such as "annotations[5]", or "record 5" where the file is one list.</summary>
    public string Name => List.Length == 0 ? $"record {Index}" : $"{List}[{Index}]";

    /// <summary>A value that must be there.</summary>
    /// <param name="value">Null where the record has none, or one of another kind.</param>
    /// <param name="name">The property.</param>
    /// <param name="kind">What it must be, such as "an integer".</param>
    public T Need<T>(T? value, string name, string kind) where T : struct => value ?? throw Fault($"{name} is missing or not {kind}.");

    /// <inheritdoc cref="Need{T}(T?, string, string)"/>
    public T Need<T>(T? value, string name, string kind) where T : class => value ?? throw Fault($"{name} is missing or not {kind}.");

    /// <summary>An integer that fits category ids.</summary>
    public int NeedCategory(long? value, string name)
    {
        const string kind = "an integer of 32 bits";
        var id = Need(value, name, kind);
        return id is >= int.MinValue and <= int.MaxValue ? (int)id : throw Fault($"{name} is {id}, not {kind}.");
    }

    /// <summary>A number that is neither infinite nor NaN.</summary>
    public double NeedFinite(double? value, string name)
    {
        const string kind = "a finite number";
        var number = Need(value, name, kind);
        return double.IsFinite(number) ? number : throw Fault($"{name} is {number}, not {kind}.");
    }

    /// <summary>Four finite numbers.</summary>
    /// <param name="values">What the record has.</param>
    /// <param name="name">The property.</param>
    /// <param name="order">Their meaning, such as "x, y, width, height".</param>
    public (double First, double Second, double Third, double Fourth) NeedBox(double[]? values, string name, string order)
    {
        if (values is not { Length: 4 } || !Array.TrueForAll(values, double.IsFinite)) throw Fault($"{name} is missing or not four finite numbers [{order}].");
        return (values[0], values[1], values[2], values[3]);
    }

    /// <summary>What is wrong, after where.</summary>
    public InvalidDataException Fault(string problem) => new($"'{Path}' {TextPosition.Describe(Path, Offset)}: {Name}: {problem}");
}
