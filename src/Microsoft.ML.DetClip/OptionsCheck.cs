using System.Globalization;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.DetClip;

/// <summary>Gathers every fault of a set of options, so that a user sees them all at once: the name, the value, what is allowed.</summary>
internal sealed class OptionsCheck
{
    private readonly List<string> _faults = [];

    /// <summary>A name, such as a column's: not null, not blank.</summary>
    public OptionsCheck NotBlank(string? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        That(!string.IsNullOrWhiteSpace(value), value, "a name that is not blank", name);

    /// <summary>A finite number above 0.</summary>
    public OptionsCheck Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        That(value > 0 && double.IsFinite(value), value, "a positive number", name);

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both allowed.</summary>
    public OptionsCheck Between(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "") =>
        That(value >= low && value <= high, value, string.Create(CultureInfo.InvariantCulture, $"{low} to {high}"), name);

    /// <summary>A number not below <paramref name="low"/>.</summary>
    public OptionsCheck AtLeast(double low, double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        That(value >= low, value, string.Create(CultureInfo.InvariantCulture, $"{low} or more"), name);

    /// <summary>One of an enumeration's values.</summary>
    public OptionsCheck Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, Enum =>
        That(Enum.IsDefined(value), value, string.Join(", ", Enum.GetNames<T>()), name);

    /// <summary>Any other rule, with the words that say what is allowed.</summary>
    public OptionsCheck That(bool allowed, object? value, string allowedValues, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!allowed) _faults.Add($"{name} is {Show(value)}, allowed: {allowedValues}");
        return this;
    }

    /// <summary>A fault in its own words, when there is one.</summary>
    public OptionsCheck Fault(string? fault)
    {
        if (fault is not null) _faults.Add(fault);
        return this;
    }

    /// <summary>The faults of options inside these; their names begin with the name of the part, such as "Pairs.BatchSize".</summary>
    public OptionsCheck Part(OptionsCheck part, [CallerArgumentExpression(nameof(part))] string name = "")
    {
        _faults.AddRange(part._faults.Select(fault => $"{name.Split('.')[0]}.{fault}"));
        return this;
    }

    /// <summary>The options themselves, when nothing is wrong with them.</summary>
    /// <exception cref="ArgumentException">Names every fault.</exception>
    public T ThrowIfAny<T>(T options, string? parameter = null) =>
        _faults.Count == 0 ? options : throw new ArgumentException(string.Join("; ", _faults) + ".", parameter);

    private static string Show(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
