using System.Buffers;

namespace Microsoft.ML.DetClip;

/// <summary>An array of the shared pool for as long as it is needed; its content is whatever was left there.</summary>
internal readonly struct PooledFloats(int length) : IDisposable
{
    private readonly float[] _array = ArrayPool<float>.Shared.Rent(length);

    /// <summary>The wanted length of it.</summary>
    public Memory<float> Memory => _array.AsMemory(0, length);

    public void Dispose() => ArrayPool<float>.Shared.Return(_array);
}
