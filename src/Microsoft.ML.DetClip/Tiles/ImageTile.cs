namespace Microsoft.ML.DetClip;

/// <summary>Sides of a box that a tile's edge has cut.</summary>
[Flags]
internal enum Cuts
{
    None = 0,
    Left = 1,
    Top = 2,
    Right = 4,
    Bottom = 8,
}

/// <summary>A part of an image, in pixels of the image.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Image">Size of the image.</param>
internal readonly record struct ImageTile(int X, int Y, int Width, int Height, ImageSize Image)
{
    /// <summary>A side that ends this share of the tile's length or less before an edge may have been cut there.</summary>
    private const float EdgeShare = 0.02f;

    public bool IsWhole => Width == Image.Width && Height == Image.Height;

    /// <summary>The whole image as one tile.</summary>
    public static ImageTile Whole(ImageSize image) => new(0, 0, image.Width, image.Height, image);

    /// <summary>A box of the tile, as a box of the image.</summary>
    public Box ToImage(Box box) => new(box.X0 + X, box.Y0 + Y, box.X1 + X, box.Y1 + Y);

    /// <summary>The sides of a box of the image that end at an edge of this tile inside the image.</summary>
    public Cuts CutsOf(Box box)
    {
        var (x, y) = (Width * EdgeShare, Height * EdgeShare);
        var cuts = Cuts.None;
        if (X > 0 && box.X0 <= X + x) cuts |= Cuts.Left;
        if (Y > 0 && box.Y0 <= Y + y) cuts |= Cuts.Top;
        if (X + Width < Image.Width && box.X1 >= X + Width - x) cuts |= Cuts.Right;
        if (Y + Height < Image.Height && box.Y1 >= Y + Height - y) cuts |= Cuts.Bottom;
        return cuts;
    }
}
