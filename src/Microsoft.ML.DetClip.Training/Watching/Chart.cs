using SkiaSharp;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Panels of lines below each other, drawn on white. No font needs to be installed.</summary>
internal static class Chart
{
    private const int Width = 1000;
    private const int PanelHeight = 320;
    private const float CapHeight = 10;
    private static readonly SKColor Ink = new(40, 40, 40);
    private static readonly SKColor Grid = new(225, 225, 225);

    /// <summary>Writes the picture, beside the path first and then renamed.</summary>
    /// <param name="path">A PNG file.</param>
    /// <param name="panels">At least one.</param>
    /// <param name="xTitle">What all horizontal axes count.</param>
    public static void SavePng(string path, IReadOnlyList<ChartPanel> panels, string xTitle)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Width, PanelHeight * panels.Count, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        var range = panels.SelectMany(p => p.Lines).SelectMany(l => l.Points).Select(p => p.X).ToArray();
        var x = ChartAxis.Within(range.Min(), range.Max());
        foreach (var (index, panel) in panels.Index()) Draw(canvas, panel, x, xTitle, top: index * PanelHeight);
        AtomicFile.Write(path, stream => bitmap.Encode(stream, SKEncodedImageFormat.Png, quality: 100));
    }

    private static void Draw(SKCanvas canvas, ChartPanel panel, ChartAxis x, string xTitle, float top)
    {
        var y = ChartAxis.FromZero([.. panel.Lines.SelectMany(l => l.Points).Select(p => p.Y)]);
        var area = new SKRect(90, top + 44, Width - 30, top + PanelHeight - 56);
        Text(canvas, panel.Title, area.Left, top + 28, 1.2f * CapHeight);
        DrawLegend(canvas, panel.Lines, area.Right, top + 28);
        DrawAxes(canvas, x, y, area);
        Text(canvas, xTitle, area.MidX - StrokeFont.Measure(xTitle, CapHeight) / 2, area.Bottom + 44, CapHeight);
        canvas.Save();
        canvas.ClipRect(area);
        foreach (var line in panel.Lines.Where(l => l.IsNoisy)) DrawLine(canvas, line.Points, line.Colour.WithAlpha(90), 1, x, y, area);
        foreach (var line in panel.Lines) DrawLine(canvas, line.IsNoisy ? line.Smoothed() : line.Points, line.Colour, 2.5f, x, y, area);
        canvas.Restore();
    }

    private static void DrawAxes(SKCanvas canvas, ChartAxis x, ChartAxis y, SKRect area)
    {
        using var paint = new SKPaint { Color = Grid, StrokeWidth = 1 };
        foreach (var mark in y.Marks())
        {
            var height = area.Bottom - y.Place(mark) * area.Height;
            canvas.DrawLine(area.Left, height, area.Right, height, paint);
            var text = y.Text(mark);
            Text(canvas, text, area.Left - 8 - StrokeFont.Measure(text, CapHeight), height + CapHeight / 2, CapHeight);
        }
        foreach (var mark in x.Marks())
        {
            var left = area.Left + x.Place(mark) * area.Width;
            canvas.DrawLine(left, area.Top, left, area.Bottom, paint);
            var text = x.Text(mark);
            Text(canvas, text, left - StrokeFont.Measure(text, CapHeight) / 2, area.Bottom + 8 + CapHeight, CapHeight);
        }
        paint.Color = Ink;
        canvas.DrawLine(area.Left, area.Bottom, area.Right, area.Bottom, paint);
        canvas.DrawLine(area.Left, area.Top, area.Left, area.Bottom, paint);
    }

    // To the right of the title; the last entry ends where the area does.
    private static void DrawLegend(SKCanvas canvas, IReadOnlyList<ChartLine> lines, float right, float baseline)
    {
        using var paint = new SKPaint { StrokeWidth = 3, IsAntialias = true };
        foreach (var line in lines.Reverse())
        {
            right -= StrokeFont.Measure(line.Name, CapHeight);
            Text(canvas, line.Name, right, baseline, CapHeight);
            paint.Color = line.Colour;
            canvas.DrawLine(right - 30, baseline - CapHeight / 2, right - 8, baseline - CapHeight / 2, paint);
            right -= 50;
        }
    }

    private static void DrawLine(SKCanvas canvas, IReadOnlyList<(double X, double Y)> points, SKColor colour, float thickness, ChartAxis x, ChartAxis y, SKRect area)
    {
        using var paint = new SKPaint { Color = colour, StrokeWidth = thickness, Style = SKPaintStyle.Stroke, StrokeJoin = SKStrokeJoin.Round, IsAntialias = true };
        using var path = new SKPath();
        foreach (var (i, point) in points.Index())
        {
            var place = new SKPoint(area.Left + x.Place(point.X) * area.Width, area.Bottom - y.Place(point.Y) * area.Height);
            if (i == 0) path.MoveTo(place);
            else path.LineTo(place);
        }
        canvas.DrawPath(path, paint);
        if (points.Count == 1) canvas.DrawCircle(path[0], 3, paint);
    }

    private static void Text(SKCanvas canvas, string text, float x, float baseline, float capHeight) => StrokeFont.Draw(canvas, text, x, baseline, capHeight, Ink);
}
