using System.Globalization;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Scores between which a person shall look at what was found: above the band it is believed, below it is forgotten.</summary>
/// <param name="From">Scores must be above this to count at all, 0 to 1.</param>
/// <param name="To">Scores above this are believed, 0 to 1, above <paramref name="From"/>.</param>
public readonly record struct ReviewBand(float From, float To)
{
    /// <summary>Reads "0.2:0.5".</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static ReviewBand Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(':');
        return parts.Length == 2 && float.TryParse(parts[0], CultureInfo.InvariantCulture, out var from) && float.TryParse(parts[1], CultureInfo.InvariantCulture, out var to)
            ? new(from, to)
            : throw new FormatException($"'{text}' is no review band; the form is FROM:TO, such as 0.2:0.5.");
    }

    /// <summary>Such as "0.2:0.5".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From}:{To}");

    internal bool IsValid => From >= 0 && From < To && To <= 1;

    internal bool Contains(float score) => score > From && score <= To;
}
