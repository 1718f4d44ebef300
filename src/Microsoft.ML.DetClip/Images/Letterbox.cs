namespace Microsoft.ML.DetClip;

/// <summary>How an image was resized and padded to fit the network, and how to map boxes back.</summary>
/// <remarks>The content keeps its shape and sits at the top left; padding is at the right and bottom only. All sizes in pixels.</remarks>
/// <param name="SourceWidth">Width of the original image, as a person sees it: after its EXIF orientation.</param>
/// <param name="SourceHeight">Height of the original image.</param>
/// <param name="ContentWidth">Width of the resized image.</param>
/// <param name="ContentHeight">Height of the resized image.</param>
/// <param name="CanvasWidth">Width of the network's input, content and padding.</param>
/// <param name="CanvasHeight">Height of the network's input.</param>
public readonly record struct Letterbox(int SourceWidth, int SourceHeight, int ContentWidth, int ContentHeight, int CanvasWidth, int CanvasHeight)
{
    /// <summary>The plan for an image: the short side becomes <paramref name="shortSide"/> unless the long side would pass <paramref name="longSide"/>.</summary>
    /// <param name="width">Width of the original image.</param>
    /// <param name="height">Height of the original image.</param>
    /// <param name="shortSide">Wanted length of the short side.</param>
    /// <param name="longSide">Greatest length of the long side.</param>
    /// <param name="divisor">The canvas is the content rounded up to a multiple of this.</param>
    /// <returns>A content of at least one pixel each way, however long and thin the image.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public static Letterbox Fit(int width, int height, int shortSide, int longSide, int divisor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shortSide);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(longSide);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(divisor);
        var scale = Math.Min((double)shortSide / Math.Min(width, height), (double)longSide / Math.Max(width, height));
        var (contentWidth, contentHeight) = (Scale(width, scale), Scale(height, scale));
        return new(width, height, contentWidth, contentHeight, RoundUp(contentWidth, divisor), RoundUp(contentHeight, divisor));
    }

    /// <summary>The same content on a canvas that is a multiple of another number too, if need be.</summary>
    /// <param name="multiple">The other number.</param>
    /// <param name="divisor">That of <see cref="Fit"/>.</param>
    internal Letterbox Widened(int multiple, int divisor) => this with
    {
        CanvasWidth = RoundUp(RoundUp(ContentWidth, multiple), divisor),
        CanvasHeight = RoundUp(RoundUp(ContentHeight, multiple), divisor),
    };

    /// <summary>A box on the canvas, as a box on the original image, clipped to it.</summary>
    public Box ToSource(Box canvas)
    {
        var (x, y) = ((float)SourceWidth / ContentWidth, (float)SourceHeight / ContentHeight);
        return new Box(canvas.X0 * x, canvas.Y0 * y, canvas.X1 * x, canvas.Y1 * y).ClipTo(SourceWidth, SourceHeight);
    }

    /// <summary>A box on the original image, as a box on the canvas.</summary>
    public Box ToCanvas(Box source)
    {
        var (x, y) = ((float)ContentWidth / SourceWidth, (float)ContentHeight / SourceHeight);
        return new(source.X0 * x, source.Y0 * y, source.X1 * x, source.Y1 * y);
    }

    private static int Scale(int size, double scale) => Math.Max(1, (int)(size * scale + 0.5));

    private static int RoundUp(int size, int divisor) => (size + divisor - 1) / divisor * divisor;
}
