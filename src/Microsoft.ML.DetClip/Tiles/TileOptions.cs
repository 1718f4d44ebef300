namespace Microsoft.ML.DetClip;

/// <summary>How a large image is looked at in parts, so that small objects keep their pixels. Give <see cref="Size"/>, or <see cref="Columns"/> and <see cref="Rows"/>.</summary>
/// <remarks>
/// Each tile is resized to the detector's input as a whole image would be; the tiles of all images of a batch run together. An object that a tile's
/// edge cuts is found in parts, which are joined: two boxes of one class from different tiles become their union, with the greater score, when one ends
/// at the inner edge of its tile and the other begins at that of its own, each reaches to the other's edge, and their extents along the edge overlap by half (IoU in one dimension).
/// A box that is still cut, and of which another box of its class covers 70 %, is dropped. Suppression then runs over all boxes of the image.
/// </remarks>
public sealed record TileOptions
{
    /// <summary>Width and height of a tile, in pixels of the original image; an image no larger is one tile. At least 16.</summary>
    public int? Size { get; init; }

    /// <summary>Tiles side by side. At least 1.</summary>
    public int? Columns { get; init; }

    /// <summary>Tiles one above the other. At least 1.</summary>
    public int? Rows { get; init; }

    /// <summary>The share of a tile that its neighbour shows too, at least; objects smaller than this are whole in some tile. 0 to 0.5.</summary>
    public double Overlap { get; init; } = 0.2;

    /// <summary>Looks at the whole image too, for objects larger than a tile.</summary>
    public bool WholeImage { get; init; } = true;

    /// <summary>The tiles of an image, each as wide and high as the others, evenly spread; the whole image is the first when it is wanted.</summary>
    internal IReadOnlyList<ImageTile> Of(ImageSize image)
    {
        var columns = Along(image.Width, Columns);
        var tiles = Along(image.Height, Rows).SelectMany(y => columns.Select(x => new ImageTile(x.Start, y.Start, x.Length, y.Length, image))).ToList();
        var whole = ImageTile.Whole(image);
        if (WholeImage && !tiles.Contains(whole)) tiles.Insert(0, whole);
        return tiles;
    }

    internal OptionsCheck Check() => new OptionsCheck()
        .That(Size is null != (Columns is null && Rows is null) && Columns is null == Rows is null, $"{Size ?? 0}, {Columns ?? 0} x {Rows ?? 0}",
            "a size, or columns and rows", "Size, Columns x Rows")
        .That(Size is null or >= 16, Size, "16 or more")
        .That(Columns is null or >= 1, Columns, "1 or more").That(Rows is null or >= 1, Rows, "1 or more")
        .Between(Overlap, 0, 0.5);

    private (int Start, int Length)[] Along(int whole, int? count)
    {
        var length = Math.Min(whole, Size ?? (int)Math.Ceiling(whole / (count!.Value - (count.Value - 1) * Overlap)));
        var tiles = count ?? 1 + (int)Math.Ceiling((whole - length) / (length * (1 - Overlap)) - 1e-9);
        return [.. Enumerable.Range(0, tiles).Select(i => (Start: tiles == 1 ? 0 : (int)((long)(whole - length) * i / (tiles - 1)), length)).Distinct()];
    }
}
