using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Weights that a rule defines instead of a file: an integer hash of place and position, exact in float32. The rule is in procedural_weights.json.</summary>
internal sealed class ProceduralWeights
{
    private const ulong Seed = 1000;
    private readonly List<(string Name, long[] Shape, string Rule)> _parameters;

    private ProceduralWeights(List<(string, long[], string)> parameters) => _parameters = parameters;

    public static ProceduralWeights Load(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return new([.. json.RootElement.GetProperty("parameters").EnumerateArray().Select(p =>
            (p[0].GetString()!, p[1].EnumerateArray().Select(d => d.GetInt64()).ToArray(), p[2].GetString()!))]);
    }

    /// <summary>The input of a golden, 2·u.</summary>
    public static Tensor Input(int index, long[] shape) => Uniform(Seed * 7919 + (ulong)index, shape) * 2;

    public Tensor this[string name] => Value(_parameters.FindIndex(p => p.Name == name));

    public IEnumerable<(string Name, Tensor Value)> All() => _parameters.Select((p, i) => (p.Name, Value(i)));

    private Tensor Value(int index)
    {
        var (_, shape, rule) = _parameters[index];
        var u = Uniform(Seed * 1000003 + (ulong)index * 0x100000001, shape);
        return rule switch
        {
            "float32(sqrt(3/fan_in))*u" => u * (float)Math.Sqrt(3.0 / shape.Skip(1).Aggregate(1L, (a, b) => a * b)),
            "0.1*u" => u * 0.1f,
            "0.5*u" => u * 0.5f,
            "1 + 0.1*u" => u * 0.1f + 1f,
            _ => throw new NotSupportedException($"The rule '{rule}' is not known."),
        };
    }

    /// <summary>Numbers of [−1, 1) in steps of 2⁻²³.</summary>
    private static Tensor Uniform(ulong start, long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
        {
            var z = start + (ulong)(i + 1) * 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            values[i] = (z >> 40) * (1f / (1 << 24)) * 2 - 1;
        }
        return tensor(values, shape);
    }
}
