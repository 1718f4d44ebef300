using SkiaSharp;

namespace Microsoft.ML.DetClip;

/// <summary>Finds a place for each label: at its box, inside the image, and on no other label where that can be had.</summary>
internal sealed class LabelLayout(ImageSize image)
{
    private readonly List<SKRect> _taken = [];

    /// <summary>Places a plate of the given size, in pixels, at a box.</summary>
    public SKRect Place(SKSize plate, Box box)
    {
        var best = Candidates(plate, box).Select(Inside).MinBy(Overlap);
        _taken.Add(best);
        return best;
    }

    // The places people look first come first: above the box, under its top edge, below it.
    private static IEnumerable<SKRect> Candidates(SKSize plate, Box box) =>
    [
        SKRect.Create(box.X0, box.Y0 - plate.Height, plate.Width, plate.Height),
        SKRect.Create(box.X0, box.Y0, plate.Width, plate.Height),
        SKRect.Create(box.X0, box.Y1, plate.Width, plate.Height),
        SKRect.Create(box.X1 - plate.Width, box.Y0 - plate.Height, plate.Width, plate.Height),
        SKRect.Create(box.X1 - plate.Width, box.Y1, plate.Width, plate.Height),
        SKRect.Create(box.X0, box.Y1 - plate.Height, plate.Width, plate.Height),
    ];

    private SKRect Inside(SKRect rect) => SKRect.Create(
        Math.Max(0, Math.Min(rect.Left, image.Width - rect.Width)), Math.Max(0, Math.Min(rect.Top, image.Height - rect.Height)), rect.Width, rect.Height);

    private float Overlap(SKRect rect) => _taken.Sum(other => SKRect.Intersect(rect, other) is { IsEmpty: false } both ? both.Width * both.Height : 0);
}
