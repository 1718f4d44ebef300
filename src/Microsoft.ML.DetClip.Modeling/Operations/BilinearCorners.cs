using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The four positions around a place on a map whose rows of channels lie one after the other; those beyond the border count as zeros.</summary>
/// <remarks>A corner beyond the border points at the map's first position with weight 0, so that no loop over channels has to ask.</remarks>
internal readonly struct BilinearCorners
{
    private readonly Corner _topLeft, _topRight, _bottomLeft, _bottomRight;
    private readonly float _down, _right; // distance from the first corner, 0 to 1

    /// <param name="y">Row of the place.</param>
    /// <param name="x">Column of the place.</param>
    /// <param name="height">Rows of the map.</param>
    /// <param name="width">Columns of the map.</param>
    /// <param name="stride">Numbers from one position's channels to the next's.</param>
    public BilinearCorners(float y, float x, int height, int width, int stride)
    {
        var (floorY, floorX) = (MathF.Floor(y), MathF.Floor(x));
        var (top, left) = ((int)floorY, (int)floorX); // what does not fit becomes the greatest or least int, which is outside as well
        var (down, right) = (_down, _right) = (y - floorY, x - floorX);
        Corner At(int row, int column, float weight) => (uint)row < (uint)height && (uint)column < (uint)width ? new((row * width + column) * stride, weight, 1) : default;
        _topLeft = At(top, left, (1 - down) * (1 - right));
        _topRight = At(top, left + 1, (1 - down) * right);
        _bottomLeft = At(top + 1, left, down * (1 - right));
        _bottomRight = At(top + 1, left + 1, down * right);
    }

    /// <summary>Interpolates channels.</summary>
    /// <param name="map">The map's values, from the first channel that is wanted.</param>
    /// <param name="factor">Multiplies the result.</param>
    /// <param name="result">As many channels as it is long.</param>
    public void Interpolate(ReadOnlySpan<float> map, float factor, Span<float> result)
    {
        var (a, b, c, d) = (_topLeft.Weight * factor, _topRight.Weight * factor, _bottomLeft.Weight * factor, _bottomRight.Weight * factor);
        ReadOnlySpan<float> atA = map[_topLeft.Start..], atB = map[_topRight.Start..], atC = map[_bottomLeft.Start..], atD = map[_bottomRight.Start..];
        var i = 0;
        for (; i <= result.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var sum = Load(atA, i) * a + Load(atB, i) * b + Load(atC, i) * c + Load(atD, i) * d;
            sum.CopyTo(result[i..]);
        }
        for (; i < result.Length; i++) result[i] = atA[i] * a + atB[i] * b + atC[i] * c + atD[i] * d;
    }

    /// <summary>The way back of <see cref="Interpolate"/>.</summary>
    /// <param name="map">As given to <see cref="Interpolate"/>.</param>
    /// <param name="factor">As given to <see cref="Interpolate"/>.</param>
    /// <param name="gradient">With respect to the result.</param>
    /// <param name="mapGradient">With respect to the map, from the first channel; this place's share is added.</param>
    /// <returns>The gradient with respect to the factor, and, for a factor of 1, to the place's row and column.</returns>
    public (float Factor, float Y, float X) Backward(ReadOnlySpan<float> map, float factor, ReadOnlySpan<float> gradient, Span<float> mapGradient)
    {
        var topLeft = _topLeft.Backward(map, factor, gradient, mapGradient);
        var topRight = _topRight.Backward(map, factor, gradient, mapGradient);
        var bottomLeft = _bottomLeft.Backward(map, factor, gradient, mapGradient);
        var bottomRight = _bottomRight.Backward(map, factor, gradient, mapGradient);
        var top = topLeft + _right * (topRight - topLeft);
        var bottom = bottomLeft + _right * (bottomRight - bottomLeft);
        return (top + _down * (bottom - top), bottom - top, (1 - _down) * (topRight - topLeft) + _down * (bottomRight - bottomLeft));
    }

    private static Vector<float> Load(ReadOnlySpan<float> x, int at) => Vector.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)at);

    /// <param name="Start">Where its channels begin.</param>
    /// <param name="Weight">Its share of an interpolated value.</param>
    /// <param name="Inside">1 on the map, 0 beyond its border.</param>
    private readonly record struct Corner(int Start, float Weight, float Inside)
    {
        /// <summary>Adds the corner's share of the map's gradient; returns the product of the corner's values and the gradient.</summary>
        public float Backward(ReadOnlySpan<float> map, float factor, ReadOnlySpan<float> gradient, Span<float> mapGradient)
        {
            var weight = Weight * factor;
            ReadOnlySpan<float> values = map.Slice(Start, gradient.Length);
            var target = mapGradient.Slice(Start, gradient.Length);
            var (i, products) = (0, Vector<float>.Zero);
            for (; i <= gradient.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                var g = Load(gradient, i);
                products += Load(values, i) * g;
                (Load(target, i) + g * weight).StoreUnsafe(ref MemoryMarshal.GetReference(target), (nuint)i);
            }
            var sum = Vector.Sum(products);
            for (; i < gradient.Length; i++)
            {
                sum += values[i] * gradient[i];
                target[i] += gradient[i] * weight;
            }
            return sum * Inside;
        }
    }
}
