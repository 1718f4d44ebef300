using SkiaSharp;

namespace Microsoft.ML.DetClip;

/// <summary>EXIF orientations 1 to 8: where the first stored row and column are on the upright image.</summary>
internal static class ImageOrientation
{
    /// <summary>Size of the upright image.</summary>
    public static ImageSize Upright(SKEncodedOrigin origin, int width, int height) =>
        origin >= SKEncodedOrigin.LeftTop ? new(height, width) : new(width, height);

    /// <summary>Maps stored pixels to upright ones; <paramref name="w"/> and <paramref name="h"/> are the stored size.</summary>
    public static SKMatrix Matrix(SKEncodedOrigin origin, int w, int h) => origin switch
    {
        SKEncodedOrigin.TopRight => Affine(-1, 0, w, 0, 1, 0),
        SKEncodedOrigin.BottomRight => Affine(-1, 0, w, 0, -1, h),
        SKEncodedOrigin.BottomLeft => Affine(1, 0, 0, 0, -1, h),
        SKEncodedOrigin.LeftTop => Affine(0, 1, 0, 1, 0, 0),
        SKEncodedOrigin.RightTop => Affine(0, -1, h, 1, 0, 0),
        SKEncodedOrigin.RightBottom => Affine(0, -1, h, -1, 0, w),
        SKEncodedOrigin.LeftBottom => Affine(0, 1, 0, -1, 0, w),
        _ => SKMatrix.Identity,
    };

    // x' = xx·x + xy·y + x0,  y' = yx·x + yy·y + y0
    private static SKMatrix Affine(float xx, float xy, float x0, float yx, float yy, float y0) => new(xx, xy, x0, yx, yy, y0, 0, 0, 1);
}
