using SkiaSharp;

namespace Microsoft.ML.DetClip;

/// <summary>Finds a place for each label: at its box, inside the image, on no other label and on little of the objects where that can be had.</summary>
/// <param name="image">Size of the image.</param>
/// <param name="boxes">All boxes that are drawn.</param>
internal sealed class LabelLayout(ImageSize image, IReadOnlyList<Box> boxes)
{
    private const float LabelOnLabel = 10; // as bad as a label on this many times as much of an object

    private readonly List<SKRect> _taken = [];

    /// <summary>Places a plate of the given size, in pixels, at a box.</summary>
    public SKRect Place(SKSize plate, Box box)
    {
        var best = Candidates(plate, box).Select(Inside).MinBy(Cost);
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

    private float Cost(SKRect rect) =>
        LabelOnLabel * _taken.Sum(other => Overlap(rect, other)) + boxes.Sum(box => Overlap(rect, new(box.X0, box.Y0, box.X1, box.Y1)));

    private static float Overlap(SKRect a, SKRect b) =>
        Math.Max(0, Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left)) * Math.Max(0, Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top));
}
