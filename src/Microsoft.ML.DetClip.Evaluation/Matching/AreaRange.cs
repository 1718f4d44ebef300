namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>A range of object sizes that metrics are also given for; both ends belong to it.</summary>
/// <param name="Low">Least area, in square pixels.</param>
/// <param name="High">Greatest area, in square pixels.</param>
internal readonly record struct AreaRange(double Low, double High)
{
    private const double Unlimited = 1e10;

    /// <summary>COCO's four ranges: all, small, medium, large. An object of exactly 32² or 96² pixels is in two of them.</summary>
    public static readonly AreaRange[] Coco = [new(0, Unlimited), new(0, 32 * 32), new(32 * 32, 96 * 96), new(96 * 96, Unlimited)];

    public const int All = 0, Small = 1, Medium = 2, Large = 3;

    public bool Contains(double area) => area >= Low && area <= High;
}
