using System.Globalization;
using Microsoft.ML.DetClip;
using SkiaSharp;

namespace OpenWorldRuns;

/// <summary>A line of dots for each row, one for each number, with a bar of one standard deviation to each side.</summary>
internal static class DotPlot
{
    private const int Width = 900, RowHeight = 44, Left = 230, Right = 30, Top = 60, Bottom = 50, Cap = 10;
    private static readonly SKColor Ink = new(40, 40, 40), Grid = new(225, 225, 225);
    private static readonly SKColor[] Colours = [new(200, 40, 50), new(230, 140, 20), new(30, 100, 200), new(40, 140, 80), new(120, 60, 160)];

    public static void Save(string path, string title, IReadOnlyList<string> rows, IReadOnlyList<(string Name, IReadOnlyList<Estimate> Values)> series)
    {
        var height = Top + Bottom + RowHeight * rows.Count;
        using var bitmap = new SKBitmap(new SKImageInfo(Width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        var most = Math.Max(1, Math.Ceiling(series.SelectMany(s => s.Values).Where(v => v.Count > 0).Max(v => v.Mean + v.Deviation) / 5) * 5);
        DrawAxis(canvas, title, most, height);
        foreach (var (i, row) in rows.Index()) StrokeFont.Draw(canvas, row, Left - 12 - StrokeFont.Measure(row, Cap), Middle(i) + Cap / 2f, Cap, Ink);
        foreach (var (s, one) in series.Index()) DrawSeries(canvas, one, s, series.Count, most);
        using var stream = File.Create(path);
        bitmap.Encode(stream, SKEncodedImageFormat.Png, quality: 100);
    }

    private static void DrawAxis(SKCanvas canvas, string title, double most, int height)
    {
        using var paint = new SKPaint { Color = Grid };
        var step = most > 30 ? 10 : most > 10 ? 5 : 1;
        for (var mark = 0; mark <= most; mark += step)
        {
            var (x, text) = (Place(mark, most), mark.ToString(CultureInfo.InvariantCulture));
            canvas.DrawLine(x, Top, x, height - Bottom, paint);
            StrokeFont.Draw(canvas, text, x - StrokeFont.Measure(text, Cap) / 2, height - Bottom + 20, Cap, Ink);
        }
        StrokeFont.Draw(canvas, title, Width - Right - StrokeFont.Measure(title, Cap), height - 12, Cap, Ink);
    }

    private static void DrawSeries(SKCanvas canvas, (string Name, IReadOnlyList<Estimate> Values) series, int number, int count, double most)
    {
        using var paint = new SKPaint { Color = Colours[number % Colours.Length], IsAntialias = true, StrokeWidth = 2 };
        var legend = Left + number * 150;
        canvas.DrawCircle(legend, 25, 5, paint);
        StrokeFont.Draw(canvas, series.Name, legend + 12, 30, Cap, Ink);
        foreach (var (row, value) in series.Values.Index())
        {
            if (value.Count == 0) continue;
            var y = Middle(row) + (number - (count - 1) / 2f) * 8;
            canvas.DrawLine(Place(value.Mean - value.Deviation, most), y, Place(value.Mean + value.Deviation, most), y, paint);
            canvas.DrawCircle(Place(value.Mean, most), y, 4, paint);
        }
    }

    private static float Middle(int row) => Top + RowHeight * (row + 0.5f);

    private static float Place(double value, double most) => Left + (float)(value / most) * (Width - Left - Right);
}
