namespace Microsoft.ML.DetClip;

/// <summary>Size of an image as a person sees it: after its EXIF orientation.</summary>
/// <param name="Width">Columns, in pixels.</param>
/// <param name="Height">Rows, in pixels.</param>
public readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>Width · height.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>Such as "640x480".</summary>
    public override string ToString() => $"{Width}x{Height}";
}
