using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.DetClip.Tests;

public sealed class ImageDecoderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("images").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<int> Orientations => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Orientations))]
    public void A_photo_is_turned_upright(int orientation)
    {
        using var upright = TestImages.Draw(48, 32, (x, y) => (x < 24, y < 16) switch
        {
            (true, true) => SKColors.Red,
            (false, true) => SKColors.Lime,
            (true, false) => SKColors.Blue,
            _ => SKColors.Yellow,
        });
        using var stored = TestImages.Store(upright, orientation);
        var path = Save("photo.jpg", TinyJpeg.WithOrientation(TestImages.Encode(stored, SKEncodedImageFormat.Jpeg), orientation));

        using var image = ImageDecoder.FromFile(path);

        Assert.Equal((48, 32), (image.Width, image.Height));
        Assert.Equal(new ImageSize(48, 32), ImageDecoder.Peek(path));
        Near(SKColors.Red, Pixel(image, 8, 8));
        Near(SKColors.Lime, Pixel(image, 40, 8));
        Near(SKColors.Blue, Pixel(image, 8, 24));
        Near(SKColors.Yellow, Pixel(image, 40, 24));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Lossless_formats_come_back_bit_by_bit(SKEncodedImageFormat format)
    {
        var random = new Random(1);
        using var drawn = TestImages.Draw(37, 21, (_, _) => new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));

        using var image = ImageDecoder.FromBytes(TestImages.Encode(drawn, format), "noise");

        Assert.Equal(MLPixelFormat.Bgra32, image.PixelFormat);
        Assert.Equal("noise", image.Tag);
        Assert.Equal(drawn.Pixels, Enumerable.Range(0, 37 * 21).Select(i => Pixel(image, i % 37, i / 37)));
    }

    [Fact]
    public void Transparent_pixels_are_put_over_white()
    {
        using var drawn = TestImages.Draw(3, 1, (x, _) => new SKColor(200, 100, 50, (byte)(x * 127.5)));

        using var image = ImageDecoder.FromBytes(TestImages.Encode(drawn), "alpha");

        Assert.Equal(SKColors.White, Pixel(image, 0, 0));
        Near(new SKColor(228, 178, 153), Pixel(image, 1, 0), tolerance: 2); // 127/255 of the colour and the rest white
        Assert.Equal(new SKColor(200, 100, 50), Pixel(image, 2, 0));
    }

    [Fact]
    public void Gray_and_cmyk_photos_become_rgb()
    {
        using var gray = ImageDecoder.FromBytes(TinyJpeg.Flat(200), "gray");
        using var cyan = ImageDecoder.FromBytes(TinyJpeg.Flat(0, 255, 255, 255), "cmyk");
        using var halfMagenta = ImageDecoder.FromBytes(TinyJpeg.Flat(255, 128, 255, 255), "cmyk");

        Near(new SKColor(200, 200, 200), Pixel(gray, 3, 3), tolerance: 1);
        Near(new SKColor(0, 255, 255), Pixel(cyan, 3, 3), tolerance: 1);
        Near(new SKColor(255, 128, 255), Pixel(halfMagenta, 3, 3), tolerance: 1);
    }

    [Fact]
    public void Gif_and_bmp_are_read()
    {
        byte[] gif = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 10, 20, 30, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B];
        byte[] bmp = [.. BmpHeader(1, 1), 30, 20, 10, 0];

        foreach (var encoded in (byte[][])[gif, bmp])
        {
            using var image = ImageDecoder.FromStream(new MemoryStream(encoded), "pixel");
            Assert.Equal(new SKColor(10, 20, 30), Pixel(image, 0, 0));
        }
    }

    [Theory]
    [InlineData(20000, 20)]
    [InlineData(20, 20000)]
    [InlineData(1, 1)]
    [InlineData(1, 4000)]
    public void Extreme_shapes_are_read(int width, int height)
    {
        using var drawn = TestImages.Rectangle(width, height, new(0, 0, 1, 1));
        var path = Save("long.png", TestImages.Encode(drawn));

        using var image = ImageDecoder.FromFile(path);

        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal(new ImageSize(width, height), ImageDecoder.Peek(path));
        Assert.Equal(SKColors.White, Pixel(image, 0, 0));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void An_image_that_ends_early_is_refused(SKEncodedImageFormat format)
    {
        var random = new Random(2);
        using var drawn = TestImages.Draw(100, 80, (_, _) => new SKColor((uint)random.Next() | 0xFF000000));
        var whole = TestImages.Encode(drawn, format);

        foreach (var part in (double[])[0.0005, 0.002, 0.01, 0.1, 0.5, 0.9, 0.98])
        {
            var path = Save("cut", whole[..(int)Math.Ceiling(whole.Length * part)]);
            var error = Assert.Throws<ImageDecodingException>(() => ImageDecoder.FromFile(path));
            Assert.Contains(error.Error, (ImageDecodingError[])[ImageDecodingError.Truncated, ImageDecodingError.NotAnImage, ImageDecodingError.Corrupt]);
            if (part >= 0.5) Assert.Equal(ImageDecodingError.Truncated, error.Error);
        }
    }

    [Fact]
    public void Each_mishap_has_its_own_error()
    {
        using var drawn = TestImages.Rectangle(10, 10, new(2, 2, 4, 4));
        var missing = Path.Combine(_folder, "missing.jpg");
        var empty = Save("empty.jpg", []);
        var text = Save("text.jpg", [.. Enumerable.Repeat("these are words, not pixels "u8.ToArray(), 50).SelectMany(b => b)]);
        var large = Save("large.png", TestImages.Encode(drawn));

        Assert.Contains("missing.jpg", Assert.Throws<FileNotFoundException>(() => ImageDecoder.FromFile(missing)).Message);
        Assert.Throws<FileNotFoundException>(() => ImageDecoder.Peek(missing));
        Assert.Throws<DirectoryNotFoundException>(() => ImageDecoder.FromFile(Path.Combine(missing, "x.jpg")));
        Refused(ImageDecodingError.Empty, empty, () => ImageDecoder.FromFile(empty));
        Refused(ImageDecodingError.Empty, empty, () => ImageDecoder.Peek(empty));
        Refused(ImageDecodingError.NotAnImage, text, () => ImageDecoder.FromFile(text));
        Refused(ImageDecodingError.NotAnImage, text, () => ImageDecoder.Peek(text));
        Refused(ImageDecodingError.TooLarge, large, () => ImageDecoder.FromFile(large, maxPixels: 99));
        ImageDecoder.FromFile(large, maxPixels: 100).Dispose();
    }

    [Fact]
    public void A_bomb_is_refused_before_it_takes_memory()
    {
        var header = BmpHeader(width: 20000, height: 10001); // the pixels that would follow do not matter
        var path = Save("bomb.bmp", [.. header, 1, 2, 3]);

        Refused(ImageDecodingError.TooLarge, path, () => ImageDecoder.FromFile(path));
    }

    private static byte[] BmpHeader(int width, int height) =>
    [
        .. "BM"u8, .. new byte[8], 54, 0, 0, 0, 40, 0, 0, 0,
        .. BitConverter.GetBytes(width), .. BitConverter.GetBytes(height), 1, 0, 24, 0, .. new byte[24],
    ];

    private static void Refused(ImageDecodingError expected, string name, Action decode)
    {
        var error = Assert.Throws<ImageDecodingException>(decode);
        Assert.Equal((expected, name), (error.Error, error.ImageName));
        Assert.Contains(name, error.Message);
    }

    private static SKColor Pixel(MLImage image, int x, int y)
    {
        var at = 4 * (y * image.Width + x);
        return new(image.Pixels[at + 2], image.Pixels[at + 1], image.Pixels[at], image.Pixels[at + 3]);
    }

    private static void Near(SKColor expected, SKColor actual, int tolerance = 8)
    {
        Assert.InRange(Math.Abs(expected.Red - actual.Red), 0, tolerance);
        Assert.InRange(Math.Abs(expected.Green - actual.Green), 0, tolerance);
        Assert.InRange(Math.Abs(expected.Blue - actual.Blue), 0, tolerance);
        Assert.Equal(255, actual.Alpha);
    }

    private string Save(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
