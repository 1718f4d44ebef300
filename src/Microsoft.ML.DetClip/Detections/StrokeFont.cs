using System.Collections.Concurrent;
using System.Text;
using SkiaSharp;

namespace Microsoft.ML.DetClip;

/// <summary>Draws text with built-in letters, so that it is readable, and the same, on machines without any font.</summary>
/// <remarks>Characters beyond ASCII are taken from the machine's fonts; where none has them, an empty box stands for them.</remarks>
internal static class StrokeFont
{
    /// <summary>Height of a capital in units of the glyph table.</summary>
    private const float CapUnits = 6;

    private const float SpaceUnits = 1.4f;
    private const float GapUnits = 1.6f;
    private const float StrokeUnits = 0.95f;
    private const string MissingGlyph = "0006666000";

    private static readonly ConcurrentDictionary<int, SKPath> Paths = new();
    private static readonly ConcurrentDictionary<int, SKTypeface?> SystemFonts = new();

    /// <summary>Width of the text, in pixels, for capitals of the given height.</summary>
    public static float Measure(string text, float capHeight)
    {
        var width = text.EnumerateRunes().Sum(rune => Advance(rune, capHeight));
        return Math.Max(0, width - GapUnits * capHeight / CapUnits);
    }

    /// <summary>How far letters such as g reach below the baseline, in pixels.</summary>
    public static float Descent(float capHeight) => 2 * capHeight / CapUnits;

    /// <summary>Draws the text from <paramref name="x"/> to the right, standing on <paramref name="baseline"/>.</summary>
    public static void Draw(SKCanvas canvas, string text, float x, float baseline, float capHeight, SKColor colour)
    {
        using var rounding = SKPathEffect.CreateCorner(1.1f);
        using var stroke = new SKPaint
        {
            Color = colour,
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = StrokeUnits,
            StrokeCap = SKStrokeCap.Round,
            StrokeJoin = SKStrokeJoin.Round,
            PathEffect = rounding,
        };
        foreach (var rune in text.EnumerateRunes())
        {
            if (SystemFont(rune) is { } font) DrawSystemGlyph(canvas, rune, font, x, baseline, capHeight, colour);
            else DrawStrokes(canvas, Paths.GetOrAdd(rune.Value, ToPath), x, baseline, capHeight, stroke);
            x += Advance(rune, capHeight);
        }
    }

    private static void DrawStrokes(SKCanvas canvas, SKPath path, float x, float baseline, float capHeight, SKPaint stroke)
    {
        if (path.IsEmpty) return; // a space: Skia would draw a dot
        var unit = capHeight / CapUnits;
        canvas.Save();
        canvas.Translate(x, baseline - capHeight);
        canvas.Scale(unit);
        canvas.DrawPath(path, stroke);
        canvas.Restore();
    }

    private static void DrawSystemGlyph(SKCanvas canvas, Rune rune, SKTypeface font, float x, float baseline, float capHeight, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true, Typeface = font, TextSize = SystemFontSize(capHeight) };
        canvas.DrawText(rune.ToString(), x, baseline, paint);
    }

    private static float Advance(Rune rune, float capHeight)
    {
        var unit = capHeight / CapUnits;
        if (rune.Value == ' ') return (SpaceUnits + GapUnits) * unit;
        if (SystemFont(rune) is not { } font) return (Paths.GetOrAdd(rune.Value, ToPath).Bounds.Right + GapUnits) * unit;
        using var paint = new SKPaint { Typeface = font, TextSize = SystemFontSize(capHeight) };
        return paint.MeasureText(rune.ToString()) + 0.2f * GapUnits * unit;
    }

    // Capitals of most fonts are about 0.7 of the nominal size.
    private static float SystemFontSize(float capHeight) => capHeight / 0.7f;

    private static SKTypeface? SystemFont(Rune rune) =>
        StrokeFontGlyphs.Strokes.ContainsKey(rune.Value) ? null : SystemFonts.GetOrAdd(rune.Value, SKFontManager.Default.MatchCharacter);

    private static SKPath ToPath(int character)
    {
        var path = new SKPath();
        var strokes = StrokeFontGlyphs.Strokes.GetValueOrDefault(character, MissingGlyph);
        foreach (var stroke in strokes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var points = stroke.Chunk(2).Select(p => new SKPoint((p[0] - '0') / 2f, p[1] - '0')).ToArray();
            var closed = points.Length > 2 && points[0] == points[^1];
            path.AddPoly(closed ? points[..^1] : points, closed);
        }
        return path;
    }
}
