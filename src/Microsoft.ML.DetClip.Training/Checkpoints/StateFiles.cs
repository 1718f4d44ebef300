using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Tensors to and from a safetensors file, by name.</summary>
internal static class StateFiles
{
    /// <summary>What goes into a file, each copied to the CPU only when it is written.</summary>
    public static IEnumerable<SafeTensor> Tensors(IReadOnlyDictionary<string, Tensor> tensors) => tensors.Select(entry =>
        new SafeTensor(new SafeTensorInfo(entry.Key, TypeOf(entry.Value.dtype), entry.Value.shape), stream => Write(stream, entry.Value)));

    /// <summary>Copies the file's tensors into others; when anything does not fit, nothing is copied.</summary>
    /// <param name="file">The file.</param>
    /// <param name="state">Where they go.</param>
    /// <param name="ignoredPrefix">Tensors of the file whose names begin so are not asked for; null asks for all.</param>
    /// <exception cref="InvalidDataException">Names every tensor that is missing, left over or of another shape.</exception>
    public static void Load(SafeTensorsFile file, IReadOnlyDictionary<string, Tensor> state, string? ignoredPrefix = null)
    {
        var faults = Faults(file, state, ignoredPrefix).ToArray();
        if (faults.Length > 0)
            throw new InvalidDataException($"The weights in '{file.Path}' do not fit the network: {string.Join("; ", faults)}.");
        using var noGrad = no_grad();
        foreach (var (name, weight) in state)
        {
            using var loaded = Read(file, file[name]);
            weight.copy_(loaded);
        }
    }

    private static IEnumerable<string> Faults(SafeTensorsFile file, IReadOnlyDictionary<string, Tensor> state, string? ignoredPrefix)
    {
        foreach (var (name, weight) in state)
        {
            var expected = $"[{string.Join(", ", weight.shape)}]";
            if (!file.Contains(name)) yield return $"{name} {expected} is missing";
            else if (!file[name].Shape.SequenceEqual(weight.shape)) yield return $"{name} is [{string.Join(", ", file[name].Shape)}], expected {expected}";
        }
        foreach (var tensor in file.Tensors.Where(t => !state.ContainsKey(t.Name) && !(ignoredPrefix is not null && t.Name.StartsWith(ignoredPrefix, StringComparison.Ordinal)))) yield return $"{tensor.Name} is not of this network";
    }

    private static void Write(Stream stream, Tensor weight)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        stream.Write(weight.detach().cpu().contiguous().bytes);
    }

    private static Tensor Read(SafeTensorsFile file, SafeTensorInfo info)
    {
        var tensor = empty([.. info.Shape], dtype: TypeOf(info.Type));
        file.ReadBytes(info, tensor.bytes);
        return tensor;
    }

    private static SafeTensorType TypeOf(ScalarType type) => Types.First(t => t.Torch == type).File;

    private static ScalarType TypeOf(SafeTensorType type) => Types.First(t => t.File == type).Torch;

    private static readonly (ScalarType Torch, SafeTensorType File)[] Types =
    [
        (ScalarType.Float32, SafeTensorType.F32), (ScalarType.Float64, SafeTensorType.F64),
        (ScalarType.Float16, SafeTensorType.F16), (ScalarType.BFloat16, SafeTensorType.BF16),
        (ScalarType.Int64, SafeTensorType.I64), (ScalarType.Int32, SafeTensorType.I32),
        (ScalarType.Byte, SafeTensorType.U8), (ScalarType.Bool, SafeTensorType.Bool),
    ];
}
