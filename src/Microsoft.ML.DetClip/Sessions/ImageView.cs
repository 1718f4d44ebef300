using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>A tile of an image as the network sees it.</summary>
/// <param name="Image">The whole image.</param>
/// <param name="Tile">The part that is seen.</param>
/// <param name="Plan">How that part is placed on the canvas.</param>
internal sealed record ImageView(MLImage Image, ImageTile Tile, Letterbox Plan)
{
    /// <summary>The views of an image.</summary>
    public static IEnumerable<ImageView> Of(MLImage image, TileOptions? tiles, DetectorSession session)
    {
        var size = new ImageSize(image.Width, image.Height);
        return (tiles?.Of(size) ?? [ImageTile.Whole(size)]).Select(tile => new ImageView(image, tile, session.Fit(tile.Width, tile.Height)));
    }

    /// <summary>The pixels of the canvas, resized and normalised: float [3, CanvasHeight, CanvasWidth].</summary>
    public void Normalize(DetectorSession session, Span<float> destination)
    {
        using var part = Tile.IsWhole ? new Lent<MLImage>(Image, Owned: false) : new(Crop(), Owned: true);
        session.Normalize(part.Value, Plan, destination);
    }

    /// <summary>Corners on the canvas [R, 4] as boxes of the image, clipped to the tile; those in the padding have no area.</summary>
    public Box[] ToImage(ReadOnlySpan<float> corners)
    {
        var boxes = MemoryMarshal.Cast<float, Box>(corners).ToArray();
        for (var i = 0; i < boxes.Length; i++) boxes[i] = Tile.ToImage(Plan.ToSource(boxes[i]));
        return boxes;
    }

    private MLImage Crop()
    {
        const int PixelBytes = 4;
        var bytes = new byte[PixelBytes * Tile.Width * Tile.Height];
        for (var y = 0; y < Tile.Height; y++)
            Image.Pixels.Slice(PixelBytes * ((Tile.Y + y) * Image.Width + Tile.X), PixelBytes * Tile.Width).CopyTo(bytes.AsSpan(PixelBytes * y * Tile.Width));
        return MLImage.CreateFromPixels(Tile.Width, Tile.Height, Image.PixelFormat, bytes);
    }
}
