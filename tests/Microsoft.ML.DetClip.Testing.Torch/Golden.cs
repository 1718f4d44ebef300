using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Testing;

/// <summary>Inputs and expected outputs of an independent implementation: a safetensors file, its tensors by name and its metadata.</summary>
/// <remarks>Tensors belong to the dispose scope in which the file was loaded.</remarks>
public sealed class Golden
{
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly Dictionary<string, string> _metadata = [];

    private Golden(byte[] file)
    {
        var headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        using var header = JsonDocument.Parse(file.AsMemory(8, headerLength));
        foreach (var entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__") ReadMetadata(entry.Value);
            else _tensors[entry.Name] = ReadTensor(entry.Value, file.AsSpan(8 + headerLength));
        }
    }

    /// <summary>A golden of the folder "shared", such as <c>Golden.Shared("numerics/focal/a025_g2")</c>.</summary>
    public static Golden Shared(string name) => Load(SharedData.Path(Path.Combine("golden", name + ".safetensors")));

    /// <summary>A golden of tests/Golden in this repository.</summary>
    public static Golden Own(string name) => Load(RepositoryFiles.Path("tests", "Golden", name + ".safetensors"));

    /// <summary>Any safetensors file.</summary>
    public static Golden Load(string path) => new(File.ReadAllBytes(path));

    /// <summary>The tensor of that name.</summary>
    public Tensor this[string name] => _tensors[name];

    /// <summary>All tensors by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>The file's remarks about itself: the operation, its parameters, what made it.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>A metadata entry that is a number.</summary>
    public double Number(string key) => JsonDocument.Parse(_metadata[key]).RootElement.GetDouble();

    /// <summary>How far the reference's own float32 result was from its float64 result; a fair tolerance is a few times that.</summary>
    public double Rounding(string output) =>
        JsonDocument.Parse(_metadata["fp32_vs_fp64_maxabs"]).RootElement.GetProperty(output).GetDouble();

    private void ReadMetadata(JsonElement entries)
    {
        foreach (var entry in entries.EnumerateObject()) _metadata[entry.Name] = entry.Value.GetString()!;
    }

    private static Tensor ReadTensor(JsonElement entry, ReadOnlySpan<byte> data)
    {
        var shape = entry.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();
        var (from, to) = (entry.GetProperty("data_offsets")[0].GetInt32(), entry.GetProperty("data_offsets")[1].GetInt32());
        var tensor = empty(shape, dtype: TypeOf(entry.GetProperty("dtype").GetString()!));
        if (to > from) data[from..to].CopyTo(tensor.bytes);
        return tensor;
    }

    private static ScalarType TypeOf(string name) => name switch
    {
        "F32" => ScalarType.Float32,
        "F64" => ScalarType.Float64,
        "I64" => ScalarType.Int64,
        "I32" => ScalarType.Int32,
        "U8" => ScalarType.Byte,
        "BOOL" => ScalarType.Bool,
        _ => throw new NotSupportedException($"The golden holds a tensor of type {name}."),
    };
}
