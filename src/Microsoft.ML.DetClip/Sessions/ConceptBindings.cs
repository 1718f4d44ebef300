using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip;

/// <summary>Runs an image graph on a device, with the concepts of the last calls kept there: the same vocabulary is copied once, not for each batch. Thread-safe.</summary>
/// <remarks>
/// Binding is what copies (ONNX Runtime's IOBinding), so whole bindings are kept: idle ones, one more of a vocabulary for each call that ran at the same time.
/// It saves no time that could be measured on an H200, at 1,203 names neither (eng/docs/log.md, "On an H200").
/// </remarks>
internal sealed class ConceptBindings(InferenceSession session, int width) : IDisposable
{
    /// <summary>Idle bindings that are kept; 16 MB of a device at 1,000 phrases and D = 512.</summary>
    public const int MaxKept = 8;

    private readonly List<ConceptBinding> _kept = []; // the one that was used last at the end
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>Idle bindings, the one that was used last at the end.</summary>
    public IReadOnlyList<ConceptBinding> Kept
    {
        get
        {
            lock (_lock) return [.. _kept];
        }
    }

    /// <summary>Runs the graph once.</summary>
    /// <param name="pixels">[N, 3, H, W].</param>
    /// <param name="concepts">[P, D]; the array itself is what tells a vocabulary from another, and must not change.</param>
    /// <param name="maxRegions">int64 [1].</param>
    /// <param name="outputs">Names of results.</param>
    /// <returns>The results in the CPU's memory, in the order of the names.</returns>
    public IDisposableReadOnlyCollection<OrtValue> Run(OrtValue pixels, float[] concepts, OrtValue maxRegions, IEnumerable<string> outputs)
    {
        var binding = Take(concepts) ?? new(session, concepts, width);
        try
        {
            var results = binding.Run(session, pixels, maxRegions, outputs);
            binding.Clear();
            Keep(binding);
            return results;
        }
        catch
        {
            binding.Dispose();
            throw;
        }
    }

    /// <summary>Frees what is kept of a vocabulary that will not be asked for any more.</summary>
    public void Forget(float[] concepts)
    {
        while (Take(concepts) is { } binding) binding.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var binding in _kept) binding.Dispose();
            _kept.Clear();
        }
    }

    private ConceptBinding? Take(float[] concepts)
    {
        lock (_lock)
        {
            var found = _kept.FindLastIndex(b => ReferenceEquals(b.Concepts, concepts));
            if (found < 0) return null;
            var binding = _kept[found];
            _kept.RemoveAt(found);
            return binding;
        }
    }

    private void Keep(ConceptBinding binding)
    {
        lock (_lock)
        {
            _kept.Add(binding);
            while (_kept.Count > (_disposed ? 0 : MaxKept))
            {
                _kept[0].Dispose();
                _kept.RemoveAt(0);
            }
        }
    }
}
