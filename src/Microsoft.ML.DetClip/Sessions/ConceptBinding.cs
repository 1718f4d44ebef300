using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.DetClip;

/// <summary>Inputs and outputs of the image graph with the concepts bound, which copies them to where the graph needs them; images change from run to run. Not thread-safe.</summary>
/// <remarks>P phrases of concepts, D embedding width.</remarks>
internal sealed class ConceptBinding : IDisposable
{
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _concepts; // on the CPU the binding reads the array itself, which this keeps in place
    private readonly OrtValue _noPixels = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, [1, 3, 1, 1]);

    /// <param name="session">Of the image graph.</param>
    /// <param name="concepts">The rows of its input, [P, D]; not to be changed as long as this lives.</param>
    /// <param name="width">D.</param>
    public ConceptBinding(InferenceSession session, float[] concepts, int width)
    {
        Concepts = concepts;
        _concepts = OrtValue.CreateTensorValueFromMemory(concepts, [concepts.Length / width, width]);
        _binding = session.CreateIoBinding();
        _binding.BindInput(DetectorContract.Concepts, _concepts);
    }

    /// <summary>The array that is bound.</summary>
    public float[] Concepts { get; }

    public bool IsDisposed => _binding.IsClosed;

    /// <summary>Runs the graph; results that are not asked for are not copied from the device.</summary>
    /// <param name="session">That of the constructor.</param>
    /// <param name="pixels">[N, 3, H, W].</param>
    /// <param name="maxRegions">int64 [1].</param>
    /// <param name="outputs">Names of results.</param>
    /// <returns>The results in the CPU's memory, in the order of the names.</returns>
    public IDisposableReadOnlyCollection<OrtValue> Run(InferenceSession session, OrtValue pixels, OrtValue maxRegions, IEnumerable<string> outputs)
    {
        using var options = new RunOptions();
        _binding.BindInput(DetectorContract.Pixels, pixels);
        _binding.BindInput(DetectorContract.MaxRegions, maxRegions);
        // Anew each time: a bound output of the last run would be written over, and must have the same shape.
        foreach (var name in outputs) _binding.BindOutputToDevice(name, OrtMemoryInfo.DefaultInstance);
        _binding.SynchronizeBoundInputs();
        session.RunWithBinding(options, _binding);
        _binding.SynchronizeBoundOutputs();
        return _binding.GetOutputValues();
    }

    /// <summary>Lets go of all but the concepts: images and results of one run must not stay in a device's memory until the next.</summary>
    public void Clear()
    {
        _binding.ClearBoundOutputs();
        _binding.BindInput(DetectorContract.Pixels, _noPixels);
    }

    public void Dispose()
    {
        _binding.Dispose();
        _concepts.Dispose();
        _noPixels.Dispose();
    }
}
