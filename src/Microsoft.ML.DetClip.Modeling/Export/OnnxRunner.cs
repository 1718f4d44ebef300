using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Runs an ONNX file in ONNX Runtime, with torch tensors going in and coming out.</summary>
internal sealed class OnnxRunner : IDisposable
{
    private readonly InferenceSession _session;

    /// <param name="path">The file.</param>
    /// <param name="threads">Threads of one operator; 0 for as many as there are cores.</param>
    /// <param name="gpu">CUDA device; null for the CPU.</param>
    public OnnxRunner(string path, int threads = 0, int? gpu = null)
    {
        using var options = GraphProfiler.SleepingThreads(threads, gpu);
        _session = new(path, options);
    }

    /// <summary>All outputs by name, in the caller's dispose scope.</summary>
    public IReadOnlyDictionary<string, Tensor> Run(params (string Name, Tensor Value)[] inputs)
    {
        var values = inputs.Select(input => ToOrt(input.Value)).ToArray();
        try
        {
            using var options = new RunOptions();
            using var outputs = _session.Run(options, [.. inputs.Select(input => input.Name)], values, _session.OutputNames);
            return _session.OutputNames.Zip(outputs).ToDictionary(output => output.First, output => ToTorch(output.Second));
        }
        finally
        {
            foreach (var value in values) value.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static OrtValue ToOrt(Tensor x)
    {
        using var scope = NewDisposeScope();
        var plain = x.detach().cpu().contiguous();
        return plain.dtype == ScalarType.Int64
            ? OrtValue.CreateTensorValueFromMemory(plain.data<long>().ToArray(), plain.shape)
            : OrtValue.CreateTensorValueFromMemory(plain.data<float>().ToArray(), plain.shape);
    }

    private static Tensor ToTorch(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return info.ElementDataType == OnnxRuntime.Tensors.TensorElementType.Int64
            ? tensor(value.GetTensorDataAsSpan<long>().ToArray(), info.Shape)
            : tensor(value.GetTensorDataAsSpan<float>().ToArray(), info.Shape);
    }
}
