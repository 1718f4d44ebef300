using SkiaSharp;

namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>JPEG files with the detail of photographs, drawn at random.</summary>
internal static class TestImages
{
    /// <summary>Writes files; equal arguments make equal files.</summary>
    /// <returns>Their paths.</returns>
    public static string[] Write(string folder, int count, int width, int height) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var path = Path.Combine(folder, $"{width}x{height}-{i}.jpg");
        if (File.Exists(path)) return path;
        using var bitmap = new SKBitmap(width, height);
        using (var canvas = new SKCanvas(bitmap)) Draw(canvas, new Random(i), width, height);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        using var file = File.Create(path);
        data.SaveTo(file);
        return path;
    })];

    private static void Draw(SKCanvas canvas, Random random, int width, int height)
    {
        using var noise = SKShader.CreatePerlinNoiseFractalNoise(0.02f, 0.03f, 5, random.Next());
        using var background = new SKPaint { Shader = noise };
        canvas.Clear(SKColors.Gray);
        canvas.DrawRect(0, 0, width, height, background);
        for (var i = 0; i < 60; i++)
        {
            using var paint = new SKPaint { Color = new SKColor((uint)random.Next()).WithAlpha(255), IsAntialias = true };
            canvas.DrawCircle(random.Next(width), random.Next(height), 5 + random.Next(60), paint);
        }
    }
}
