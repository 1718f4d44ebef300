using SkiaSharp;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Lines over one horizontal axis.</summary>
/// <param name="Title">Stands above.</param>
/// <param name="Lines">At least one of them with a point.</param>
internal sealed record ChartPanel(string Title, IReadOnlyList<ChartLine> Lines);

/// <summary>A line of a chart.</summary>
/// <param name="Name">Stands in the legend.</param>
/// <param name="Colour">The same in every panel for the same thing.</param>
/// <param name="Points">From left to right.</param>
/// <param name="IsNoisy">Draws the points faintly and their moving average over them; else the points alone.</param>
internal sealed record ChartLine(string Name, SKColor Colour, IReadOnlyList<(double X, double Y)> Points, bool IsNoisy)
{
    // Smooth enough to see a trend, and never so much that a short run is a flat line.
    private const double SmoothedShare = 0.03;

    /// <summary>The points' exponential moving average, without the pull towards 0 that its beginning would have (Kingma and Ba 2015, section 3).</summary>
    public IReadOnlyList<(double X, double Y)> Smoothed()
    {
        var keep = 1 - 1 / Math.Max(1, SmoothedShare * Points.Count);
        var (sum, weight) = (0.0, 0.0);
        return [.. Points.Select(point =>
        {
            (sum, weight) = (keep * sum + (1 - keep) * point.Y, keep * weight + 1 - keep);
            return (point.X, sum / weight);
        })];
    }
}
