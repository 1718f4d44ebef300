using System.Collections;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.DetClip;

/// <summary>A list that never changes and is equal to another with the same elements, so that records that hold one are equal by value.</summary>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
internal sealed class ValueList<T>(T[] elements) : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    public int Count => elements.Length;

    public T this[int index] => elements[index];

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)elements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(ValueList<T>? other) => other is not null && this.SequenceEqual(other);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode() => elements.Aggregate(elements.Length, HashCode.Combine);

    public override string ToString() => $"[{string.Join(", ", elements)}]";
}

/// <summary>Makes a <see cref="ValueList{T}"/>.</summary>
internal static class ValueList
{
    /// <summary>A copy of a list; an empty one of null, which JSON may bring.</summary>
    public static ValueList<T> Of<T>(IEnumerable<T>? elements) => elements as ValueList<T> ?? new([.. elements ?? []]);

    public static ValueList<T> Create<T>(ReadOnlySpan<T> elements) => new(elements.ToArray());
}
