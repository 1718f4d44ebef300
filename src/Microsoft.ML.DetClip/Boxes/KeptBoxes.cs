using System.Numerics;

namespace Microsoft.ML.DetClip;

/// <summary>Boxes kept so far, coordinate by coordinate, so that a new box meets several of them at once.</summary>
internal sealed class KeptBoxes
{
    private readonly float _iouThreshold;
    private float[] _x0 = [], _y0 = [], _x1 = [], _y1 = [], _area = [];
    private int[] _group = [];

    /// <param name="iouThreshold">A box is a duplicate when its IoU with a kept one is above this.</param>
    public KeptBoxes(double iouThreshold)
    {
        // Rounded down: then a float is above it exactly when it is above the double.
        var rounded = (float)iouThreshold;
        _iouThreshold = rounded > iouThreshold ? MathF.BitDecrement(rounded) : rounded;
    }

    public int Count { get; private set; }

    /// <summary>Keeps the box unless it is a duplicate of a kept one of its group; true when kept.</summary>
    public bool TryAdd(Box box, int group)
    {
        if (IsDuplicate(box, group)) return false;
        if (Count == _x0.Length) Grow();
        (_x0[Count], _y0[Count], _x1[Count], _y1[Count], _area[Count], _group[Count]) = (box.X0, box.Y0, box.X1, box.Y1, box.Area, group);
        Count++;
        return true;
    }

    // Places behind Count hold empty boxes, which overlap nothing, so the last vector may reach over them.
    private bool IsDuplicate(Box box, int group)
    {
        for (var i = 0; i < Count; i += Vector<float>.Count)
        {
            var width = Vector.Min(new Vector<float>(_x1, i), new(box.X1)) - Vector.Max(new Vector<float>(_x0, i), new(box.X0));
            var height = Vector.Min(new Vector<float>(_y1, i), new(box.Y1)) - Vector.Max(new Vector<float>(_y0, i), new(box.Y0));
            var intersection = Vector.Max(width, Vector<float>.Zero) * Vector.Max(height, Vector<float>.Zero);
            var iou = intersection / (new Vector<float>(_area, i) + new Vector<float>(box.Area) - intersection); // NaN for empty boxes: not above
            var duplicates = Vector.GreaterThan(iou, new(_iouThreshold)) & Vector.Equals(new Vector<int>(_group, i), new(group));
            if (duplicates != Vector<int>.Zero) return true;
        }
        return false;
    }

    private void Grow()
    {
        var size = Math.Max(4 * Vector<float>.Count, 2 * Count);
        Array.Resize(ref _x0, size);
        Array.Resize(ref _y0, size);
        Array.Resize(ref _x1, size);
        Array.Resize(ref _y1, size);
        Array.Resize(ref _area, size);
        Array.Resize(ref _group, size);
    }
}
