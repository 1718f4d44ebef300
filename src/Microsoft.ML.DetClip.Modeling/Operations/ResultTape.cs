namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Results in the order in which they are made: how long each is needed, and so how many elements exist at the same time.</summary>
/// <remarks>What is not made here, such as inputs and weights, counts for nothing. A result that nothing uses is asked for from outside, and stays.</remarks>
internal sealed class ResultTape
{
    private readonly List<Step> _steps = [];
    private readonly Dictionary<Shape, int> _lastUse = []; // by reference: two results of one shape are two

    /// <summary>Adds a result with memory of its own.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="passing">Elements that exist only while it is made.</param>
    /// <param name="operands">What it is made of.</param>
    /// <returns>The result: an object of its own.</returns>
    public Shape Make(Shape shape, long passing, params ReadOnlySpan<Shape> operands) => Add(shape, passing, inPlace: false, operands);

    /// <summary>Adds a result that takes over the memory of an operand of its size, if this is the operand's last use.</summary>
    /// <inheritdoc cref="Make"/>
    public Shape MakeInPlace(Shape shape, params ReadOnlySpan<Shape> operands) => Add(shape, passing: 0, inPlace: true, operands);

    /// <summary>The most elements that exist at the same time.</summary>
    public long Peak()
    {
        var (alive, peak) = (0L, 0L);
        foreach (var (index, step) in _steps.Index())
        {
            var ending = step.Operands.Where(x => _lastUse[x] == index).ToArray();
            var taken = step.InPlace ? ending.FirstOrDefault(x => x.Count == step.Result.Count)?.Count ?? 0 : 0;
            alive += step.Result.Count;
            peak = Math.Max(peak, alive - taken + step.Passing);
            alive -= ending.Sum(x => x.Count);
        }
        return peak;
    }

    private Shape Add(Shape shape, long passing, bool inPlace, ReadOnlySpan<Shape> operands)
    {
        var known = operands.ToArray().Where(_lastUse.ContainsKey).Distinct().ToArray();
        foreach (var operand in known) _lastUse[operand] = _steps.Count;
        var result = new Shape(shape.Sizes);
        _lastUse[result] = int.MaxValue;
        _steps.Add(new(result, passing, inPlace, known));
        return result;
    }

    private sealed record Step(Shape Result, long Passing, bool InPlace, Shape[] Operands);
}
