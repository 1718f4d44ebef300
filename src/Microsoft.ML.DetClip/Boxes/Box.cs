namespace Microsoft.ML.DetClip;

/// <summary>An axis-aligned box by its corners, in pixels; x grows to the right, y downwards, pixel i covers [i, i + 1).</summary>
/// <param name="X0">Left edge.</param>
/// <param name="Y0">Top edge.</param>
/// <param name="X1">Right edge; not below <paramref name="X0"/> in a valid box.</param>
/// <param name="Y1">Bottom edge; not below <paramref name="Y0"/> in a valid box.</param>
public readonly record struct Box(float X0, float Y0, float X1, float Y1)
{
    /// <summary>X1 − X0, in pixels.</summary>
    public float Width => X1 - X0;

    /// <summary>Y1 − Y0, in pixels.</summary>
    public float Height => Y1 - Y0;

    /// <summary>Width · height, in square pixels; 0 for a box turned inside out.</summary>
    public float Area => MathF.Max(0, Width) * MathF.Max(0, Height);

    /// <summary>Intersection over union with another box: 0 (apart) to 1 (the same); 0 when both are empty.</summary>
    public float IoU(Box other)
    {
        var width = MathF.Min(X1, other.X1) - MathF.Max(X0, other.X0);
        var height = MathF.Min(Y1, other.Y1) - MathF.Max(Y0, other.Y0);
        if (width <= 0 || height <= 0) return 0;
        var intersection = width * height;
        return intersection / (Area + other.Area - intersection);
    }

    /// <summary>The share of this box that lies in another, 0 to 1; 0 where this box is empty.</summary>
    internal double ShareInside(Box other)
    {
        double width = MathF.Min(X1, other.X1) - MathF.Max(X0, other.X0), height = MathF.Min(Y1, other.Y1) - MathF.Max(Y0, other.Y0);
        return width > 0 && height > 0 && Area > 0 ? width * height / Area : 0;
    }

    /// <summary>The part of this box inside an image of the given size, in pixels.</summary>
    public Box ClipTo(int width, int height) => new(
        Math.Clamp(X0, 0, width), Math.Clamp(Y0, 0, height), Math.Clamp(X1, 0, width), Math.Clamp(Y1, 0, height));
}
