using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>How far two computations of the same numbers lie apart.</summary>
/// <param name="Absolute">Greatest |a − b|.</param>
/// <param name="Relative">Greatest |a − b| / max(|a|, |b|, floor). The floor is 1 pixel for boxes, 0.001 for scores and qualities, and for embeddings their root mean square.</param>
internal sealed record ParityDifference(double Absolute, double Relative);

/// <summary>The comparison on one input.</summary>
/// <remarks>
/// ONNX Runtime's regions are compared with what torch says of the same locations, so that two regions of nearly equal score may trade places.
/// That the right regions were kept is <paramref name="Ranking"/>: no key of torch's may be above that of a region placed before it, or kept instead of it.
/// </remarks>
/// <param name="Height">Of the images, in pixels.</param>
/// <param name="Width">Of the images, in pixels.</param>
/// <param name="Batch">Images at once.</param>
/// <param name="Concepts">Concepts asked for.</param>
/// <param name="Regions">Regions kept of each image.</param>
/// <param name="Boxes">Difference of the boxes, in pixels.</param>
/// <param name="Scores">Difference of the scores.</param>
/// <param name="Embeddings">Difference of the region embeddings.</param>
/// <param name="Qualities">Difference of the region qualities.</param>
/// <param name="Ranking">The most by which a region's best score is above that of a region that was preferred to it, relative to the score, floor 0.001;
/// infinite where the regions are not as many as they should be or not distinct.</param>
internal sealed record ParityCase(
    int Height, int Width, int Batch, int Concepts, int Regions, ParityDifference Boxes, ParityDifference Scores, ParityDifference Embeddings,
    ParityDifference Qualities, double Ranking)
{
    /// <summary>Whether boxes, scores, qualities and ranking agree within a bound, and embeddings by the root of their mean square.</summary>
    public bool Within(double bound) =>
        Boxes.Relative <= bound && Scores.Relative <= bound && Embeddings.Relative <= bound && Qualities.Relative <= bound && Ranking <= bound;
}

/// <summary>What was found when an exported detector was compared with the network it came from.</summary>
/// <param name="Variant">The network's variant.</param>
/// <param name="Bound">Greatest relative difference that passes.</param>
/// <param name="Texts">Difference of the text encoders' concepts, relative to their root mean square.</param>
/// <param name="Cases">One for each image size, batch and concept count.</param>
internal sealed record ParityReport(string Variant, double Bound, ParityDifference Texts, IReadOnlyList<ParityCase> Cases)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Whether everything agrees within <see cref="Bound"/>.</summary>
    public bool Passed => Texts.Relative <= Bound && Cases.All(c => c.Within(Bound));

    /// <summary>Writes the report as JSON; an old file is replaced when the new one is complete.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, Json));

    /// <summary>Reads a report.</summary>
    /// <exception cref="InvalidDataException">The file is no report.</exception>
    public static ParityReport Load(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<ParityReport>(stream, Json)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is no parity report: {e.Message}", e);
        }
    }

    /// <summary>The report as a table of plain text: one line for each case, differences as "absolute / relative".</summary>
    public string ToTable()
    {
        var table = new StringBuilder();
        table.AppendLine("height  width  batch  concepts  regions  boxes (px)         scores             embeddings         qualities          ranking");
        foreach (var c in Cases)
            table.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{c.Height,6}  {c.Width,5}  {c.Batch,5}  {c.Concepts,8}  {c.Regions,7}  {Pair(c.Boxes)}  {Pair(c.Scores)}  {Pair(c.Embeddings)}  {Pair(c.Qualities)}  {c.Ranking,7:0.0E+0}"));
        table.AppendLine(string.Create(CultureInfo.InvariantCulture, $"texts: {Pair(Texts).TrimEnd()}"));
        return table.Append(string.Create(CultureInfo.InvariantCulture, $"{(Passed ? "within" : "NOT within")} the bound of {Bound:0.0E+0} (relative)")).ToString();
    }

    private static string Pair(ParityDifference d) => string.Create(CultureInfo.InvariantCulture, $"{d.Absolute:0.0E+0} / {d.Relative:0.0E+0}").PadRight(17);
}
