namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Sizes of a tensor, slowest axis first.</summary>
internal sealed class Shape(params IEnumerable<long> sizes)
{
    private readonly long[] _sizes = [.. sizes];

    /// <summary>Axes.</summary>
    public int Rank => _sizes.Length;

    /// <summary>Elements: the product of the sizes.</summary>
    public long Count => _sizes.Aggregate(1L, (count, size) => checked(count * size));

    /// <summary>Sizes as an array of their own.</summary>
    public long[] Sizes => [.. _sizes];

    /// <summary>Size of an axis; <c>^1</c> is the last.</summary>
    public long this[Index axis] => _sizes[axis];

    /// <summary>The shape with another size of one axis.</summary>
    public Shape With(Index axis, long size)
    {
        var sizes = Sizes;
        sizes[axis] = size;
        return new(sizes);
    }

    /// <summary>The shape of an operation on two tensors of which one or both are repeated where they have size 1 or no axis.</summary>
    /// <exception cref="ArgumentException">Two sizes differ and neither is 1.</exception>
    public static Shape Broadcast(Shape a, Shape b)
    {
        if (a.Rank < b.Rank) (a, b) = (b, a);
        var padded = Enumerable.Repeat(1L, a.Rank - b.Rank).Concat(b._sizes);
        return new(a._sizes.Zip(padded, (x, y) => x == y || y == 1 ? x : x == 1 ? y : throw new ArgumentException($"Shapes {a} and {b} do not go together.")));
    }

    /// <summary>Such as "[2, 3, 224, 224]".</summary>
    public override string ToString() => $"[{string.Join(", ", _sizes)}]";
}
