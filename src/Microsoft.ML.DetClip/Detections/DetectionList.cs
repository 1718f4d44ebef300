using System.Collections;

namespace Microsoft.ML.DetClip;

/// <summary>The objects found in one image, best score first.</summary>
public sealed class DetectionList(IReadOnlyList<Detection> detections) : IReadOnlyList<Detection>
{
    /// <summary>Nothing found.</summary>
    public static DetectionList Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => detections.Count;

    /// <inheritdoc/>
    public Detection this[int index] => detections[index];

    /// <inheritdoc/>
    public IEnumerator<Detection> GetEnumerator() => detections.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
