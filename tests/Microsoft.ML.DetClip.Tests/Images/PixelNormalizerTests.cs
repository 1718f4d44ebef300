using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Testing;
using SkiaSharp;

namespace Microsoft.ML.DetClip.Tests;

public sealed class PixelNormalizerTests
{
    private static readonly float[] Zero = [0, 0, 0];
    private static readonly float[] One = [1, 1, 1];
    private static readonly float[] Mean = [123.675f, 116.28f, 103.53f];
    private static readonly float[] Std = [58.395f, 57.12f, 57.375f];

    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            foreach (var (width, height) in ((int, int)[])[(1, 1), (7, 5), (64, 64), (640, 480), (333, 1000), (1000, 10), (3000, 3), (3, 3000), (20000, 20), (20, 20000)])
                data.Add(width, height, 8 * width + height);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_rectangle_is_found_where_ToCanvas_says_and_maps_back(int width, int height, int seed)
    {
        var random = new Random(seed);
        foreach (var (shortSide, longSide) in ((int, int)[])[(96, 160), (320, 640)])
            for (var orientation = 1; orientation <= 8; orientation++)
            {
                var plan = Letterbox.Fit(width, height, shortSide, longSide, 32);
                var (x0, x1) = Segment(random, width, plan.ContentWidth);
                var (y0, y1) = Segment(random, height, plan.ContentHeight);
                using var image = Photo(width, height, new(x0, y0, x1, y1), orientation);
                var drawn = new Box(x0, y0, x1, y1);

                var found = FindWhite(Normalize(image, plan, Zero, One), plan);

                Near(plan.ToCanvas(drawn), found, 1, 1);
                Near(drawn, plan.ToSource(found), Math.Max(1, (float)width / plan.ContentWidth), Math.Max(1, (float)height / plan.ContentHeight));
            }
    }

    [Theory]
    [InlineData(61, 47, 100, 83, false)]
    [InlineData(61, 47, 23, 31, false)]
    [InlineData(61, 47, 61, 47, true)]
    [InlineData(300, 2, 31, 1, true)]
    [InlineData(1, 1, 50, 40, false)]
    [InlineData(1000, 700, 13, 9, true)]
    public void The_fast_pass_equals_a_plain_double_loop(int width, int height, int contentWidth, int contentHeight, bool flip)
    {
        var plan = new Letterbox(width, height, contentWidth, contentHeight, contentWidth + 5, contentHeight + 3);
        using var image = Noise(width, height, MLPixelFormat.Bgra32, seed: 3);

        var fast = Normalize(image, plan, Mean, Std, flip);

        var plain = PlainNormalize(image, plan, flip);
        for (var i = 0; i < fast.Length; i++) Assert.Equal(plain[i], fast[i], 1e-4f);
    }

    [SharedTheory("golden/numerics/misc/pil_resize.safetensors")]
    [InlineData("bilinear_up")]
    [InlineData("bilinear_down")]
    public void Resizing_equals_Pillow(string name)
    {
        using var golden = SafeTensorsFile.Open(SharedData.Path("golden/numerics/misc/pil_resize.safetensors"));
        var source = golden.Read<byte>("src_hwc");
        var expected = golden.Read<byte>(name);
        var (height, width) = ((int)golden[name].Shape[0], (int)golden[name].Shape[1]);
        using var image = MLImage.CreateFromPixels(61, 47, MLPixelFormat.Rgba32, source.Chunk(3).SelectMany(p => new byte[] { p[0], p[1], p[2], 255 }).ToArray());

        var actual = Normalize(image, new(61, 47, width, height, width, height), Zero, One);

        for (var i = 0; i < expected.Length; i++) // [H, W, 3] there, [3, H, W] here; Pillow rounds after each axis
            Assert.InRange(actual[i % 3 * width * height + i / 3] - expected[i], -1.01f, 1.01f);
    }

    [Fact]
    public void At_its_own_size_an_image_is_only_normalised()
    {
        var plan = new Letterbox(33, 17, 33, 17, 64, 32);
        using var image = Noise(33, 17, MLPixelFormat.Bgra32, seed: 4);

        var tensor = Normalize(image, plan, Mean, Std);

        for (var c = 0; c < 3; c++)
            for (var y = 0; y < 32; y++)
                for (var x = 0; x < 64; x++)
                {
                    var inside = x < 33 && y < 17;
                    var expected = inside ? (image.Pixels[4 * (y * 33 + x) + 2 - c] - Mean[c]) / Std[c] : 0;
                    Assert.Equal(expected, tensor[(c * 32 + y) * 64 + x], 1e-5f);
                }
    }

    [Fact]
    public void Both_pixel_formats_give_the_same()
    {
        var plan = Letterbox.Fit(40, 30, 24, 64, 32);
        using var bgra = Noise(40, 30, MLPixelFormat.Bgra32, seed: 5);
        var swapped = bgra.Pixels.ToArray().Chunk(4).SelectMany(p => new[] { p[2], p[1], p[0], p[3] }).ToArray();
        using var rgba = MLImage.CreateFromPixels(40, 30, MLPixelFormat.Rgba32, swapped);

        Assert.Equal(Normalize(bgra, plan, Mean, Std), Normalize(rgba, plan, Mean, Std));
    }

    [Fact]
    public void Transparency_as_ML_NET_decodes_it_equals_our_decoder()
    {
        using var drawn = TestImages.Draw(20, 10, (x, y) => new SKColor((byte)(10 * x), 80, (byte)(20 * y), (byte)(x * y)));
        var png = TestImages.Encode(drawn);
        using var premultiplied = MLImage.CreateFromStream(new MemoryStream(png));
        using var overWhite = ImageDecoder.FromBytes(png, "alpha");
        var plan = Letterbox.Fit(20, 10, 16, 32, 16);

        var (a, b) = (Normalize(premultiplied, plan, Zero, One), Normalize(overWhite, plan, Zero, One));

        for (var i = 0; i < a.Length; i++) Assert.Equal(a[i], b[i], 1f);
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        var plans = Enumerable.Range(0, 8).Select(i => Letterbox.Fit(50 + 17 * i, 90 - 9 * i, 64, 96, 32)).ToArray();
        using var images = new DisposableList(plans.Select((p, i) => Noise(p.SourceWidth, p.SourceHeight, MLPixelFormat.Bgra32, i)));
        var alone = plans.Select((p, i) => Normalize(images[i], p, Mean, Std)).ToArray();

        Parallel.For(0, 200, n => Assert.Equal(alone[n % 8], Normalize(images[n % 8], plans[n % 8], Mean, Std)));
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_call()
    {
        var plan = Letterbox.Fit(300, 200, 160, 320, 32);
        using var image = Noise(300, 200, MLPixelFormat.Bgra32, seed: 6);
        var tensor = new float[3 * plan.CanvasWidth * plan.CanvasHeight];
        PixelNormalizer.Write(image, plan, Mean, Std, tensor);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) PixelNormalizer.Write(image, plan, Mean, Std, tensor);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * 1024);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var plan = Letterbox.Fit(30, 20, 32, 64, 32);
        using var image = Noise(30, 20, MLPixelFormat.Bgra32, seed: 7);
        var right = new float[3 * plan.CanvasWidth * plan.CanvasHeight];

        Assert.Contains("[3, 32, 64]", Assert.Throws<ArgumentException>(() => PixelNormalizer.Write(image, plan, Mean, Std, new float[10])).Message);
        Assert.Contains("20x30", Assert.Throws<ArgumentException>(() => PixelNormalizer.Write(image, Letterbox.Fit(20, 30, 32, 64, 32), Mean, Std, right)).Message);
        Assert.Throws<ArgumentException>(() => PixelNormalizer.Write(image, plan, Mean, [1, 0, 1], right));
        Assert.Throws<ArgumentException>(() => PixelNormalizer.Write(image, plan, [1], Std, right));
    }

    private static float[] Normalize(MLImage image, Letterbox plan, float[] mean, float[] std, bool flip = false)
    {
        var tensor = new float[3 * plan.CanvasWidth * plan.CanvasHeight];
        Array.Fill(tensor, float.NaN); // every element must be written
        PixelNormalizer.Write(image, plan, mean, std, tensor, flip);
        return tensor;
    }

    private static float[] PlainNormalize(MLImage image, Letterbox plan, bool flip)
    {
        var result = new float[3 * plan.CanvasWidth * plan.CanvasHeight];
        for (var c = 0; c < 3; c++)
            for (var y = 0; y < plan.ContentHeight; y++)
                for (var x = 0; x < plan.ContentWidth; x++)
                {
                    double sum = 0, total = 0;
                    foreach (var (sy, wy) in Triangle(y, plan.SourceHeight, plan.ContentHeight))
                        foreach (var (sx, wx) in Triangle(flip ? plan.ContentWidth - 1 - x : x, plan.SourceWidth, plan.ContentWidth))
                        {
                            sum += wy * wx * image.Pixels[4 * (sy * plan.SourceWidth + sx) + 2 - c];
                            total += wy * wx;
                        }
                    result[(c * plan.CanvasHeight + y) * plan.CanvasWidth + x] = (float)((sum / total - Mean[c]) / Std[c]);
                }
        return result;
    }

    private static IEnumerable<(int At, double Weight)> Triangle(int target, int sourceLength, int targetLength)
    {
        var scale = (double)sourceLength / targetLength;
        for (var s = 0; s < sourceLength; s++)
        {
            var weight = 1 - Math.Abs(s + 0.5 - (target + 0.5) * scale) / Math.Max(1, scale);
            if (weight > 0) yield return (s, weight);
        }
    }

    // A part of an axis that is at least 3 pixels of the resized image, or all of it.
    private static (int From, int To) Segment(Random random, int length, int resized)
    {
        var least = (int)Math.Ceiling(3.0 * length / resized);
        if (length <= least) return (0, length);
        var from = random.Next(length - least + 1);
        return (from, from + random.Next(least, length - from + 1));
    }

    private static MLImage Photo(int width, int height, SKRectI white, int orientation)
    {
        using var upright = TestImages.Rectangle(width, height, white);
        if ((long)width * height > 50_000) return ImageDecoder.FromBytes(TestImages.Encode(upright), "photo"); // turning large ones takes too long
        using var stored = TestImages.Store(upright, orientation);
        return ImageDecoder.FromBytes(TinyJpeg.WithOrientation(TestImages.Encode(stored, SKEncodedImageFormat.Jpeg), orientation), "photo");
    }

    private static Box FindWhite(float[] tensor, Letterbox plan)
    {
        var (x0, y0, x1, y1) = (int.MaxValue, int.MaxValue, 0, 0);
        for (var i = 0; i < plan.CanvasHeight * plan.CanvasWidth; i++)
            if (tensor[i] > 127.5f)
            {
                var (y, x) = Math.DivRem(i, plan.CanvasWidth);
                (x0, y0, x1, y1) = (Math.Min(x0, x), Math.Min(y0, y), Math.Max(x1, x + 1), Math.Max(y1, y + 1));
            }
        return new(x0, y0, x1, y1);
    }

    private static void Near(Box expected, Box actual, float x, float y)
    {
        Assert.Equal(expected.X0, actual.X0, x);
        Assert.Equal(expected.X1, actual.X1, x);
        Assert.Equal(expected.Y0, actual.Y0, y);
        Assert.Equal(expected.Y1, actual.Y1, y);
    }

    private static MLImage Noise(int width, int height, MLPixelFormat format, int seed)
    {
        var pixels = new byte[4 * width * height];
        new Random(seed).NextBytes(pixels);
        for (var i = 3; i < pixels.Length; i += 4) pixels[i] = 255;
        return MLImage.CreateFromPixels(width, height, format, pixels);
    }

    private sealed class DisposableList(IEnumerable<MLImage> images) : IDisposable
    {
        private readonly MLImage[] _images = [.. images];

        public MLImage this[int i] => _images[i];

        public void Dispose()
        {
            foreach (var image in _images) image.Dispose();
        }
    }
}
