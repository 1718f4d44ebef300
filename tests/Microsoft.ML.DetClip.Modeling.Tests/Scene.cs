using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Grids of anchors and random boxes to test with.</summary>
internal static class Scene
{
    /// <summary>Square anchors of 8 strides on a grid of each stride, level after level.</summary>
    public static (Box[] Anchors, int[] LocationsPerLevel) Grid(int width, int height, params int[] strides)
    {
        var levels = strides.Select(s => Level(width, height, s).ToArray()).ToArray();
        return (levels.SelectMany(l => l).ToArray(), levels.Select(l => l.Length).ToArray());
    }

    /// <summary>Boxes of 10 pixels to the whole image.</summary>
    public static Box[] Boxes(Random random, int count, int width, int height) => Enumerable.Range(0, count).Select(_ =>
    {
        var (w, h) = (10 + random.NextSingle() * (width - 10), 10 + random.NextSingle() * (height - 10));
        var (x, y) = (random.NextSingle() * (width - w), random.NextSingle() * (height - h));
        return new Box(x, y, x + w, y + h);
    }).ToArray();

    /// <summary>Float [n, 4].</summary>
    public static Tensor ToTensor(IReadOnlyCollection<Box> boxes) =>
        tensor(boxes.SelectMany(b => new[] { b.X0, b.Y0, b.X1, b.Y1 }).ToArray()).view(-1, 4);

    /// <summary>Int64 [n].</summary>
    public static Tensor Indices(IEnumerable<int> values) => tensor(values.Select(v => (long)v).ToArray(), dtype: ScalarType.Int64);

    private static IEnumerable<Box> Level(int width, int height, int stride)
    {
        for (var y = 0; y < height; y += stride)
            for (var x = 0; x < width; x += stride)
                yield return new(x - 4 * stride, y - 4 * stride, x + 4 * stride, y + 4 * stride);
    }
}
