namespace Microsoft.ML.DetClip.Training;

/// <summary>How an image is varied from epoch to epoch: its size, and left and right. DetCLIPv2, appendix B: multi-scale training and random flip.</summary>
/// <param name="SmallestShortSide">Least wanted length of the short side, in pixels.</param>
/// <param name="ShortSide">Greatest wanted length of the short side, in pixels.</param>
/// <param name="LongSide">The long side never passes this, in pixels.</param>
/// <param name="FlipProbability">How often left and right are swapped, 0 to 1.</param>
internal sealed record Augmentation(int SmallestShortSide, int ShortSide, int LongSide, double FlipProbability)
{
    /// <summary>Boxes whose width or height falls below this are no longer shown to the network, in its pixels.</summary>
    public const float SmallestBox = 1;

    /// <summary>The network halves the image five times; canvases are multiples of this, in pixels.</summary>
    public const int SizeDivisor = 32;

    /// <summary>Draws what is done with an image of the given size.</summary>
    public (Letterbox Fit, bool Flip) Draw(int width, int height, Random choices)
    {
        var flip = choices.NextDouble() < FlipProbability;
        var shortSide = choices.Next(SmallestShortSide, ShortSide + 1);
        return (Letterbox.Fit(width, height, shortSide, LongSide, SizeDivisor), flip);
    }

    /// <summary>A box of the original image as the network sees it; null when too little of it is left.</summary>
    public static Box? ToCanvas(Box source, Letterbox fit, bool flip)
    {
        var box = fit.ToCanvas(source.ClipTo(fit.SourceWidth, fit.SourceHeight));
        if (box.Width < SmallestBox || box.Height < SmallestBox) return null;
        return flip ? new(fit.ContentWidth - box.X1, box.Y0, fit.ContentWidth - box.X0, box.Y1) : box;
    }
}
