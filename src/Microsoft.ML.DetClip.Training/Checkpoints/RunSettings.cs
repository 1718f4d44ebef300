using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Microsoft.ML.DetClip.Training;

/// <summary>What decides the course of a run, as texts by name: going on with other values would give a run that is neither the old one nor a new one.</summary>
internal sealed class RunSettings
{
    // Changing these changes nothing of what is computed, or is seen in the digests.
    private static readonly string[] Free =
    [
        nameof(DetClipTrainer.Options.Definitions), nameof(DetClipTrainer.Options.Concepts), nameof(DetClipTrainer.Options.StartFrom),
        nameof(DetClipTrainer.Options.Tokenizer), nameof(DetClipTrainer.Options.BatchesAhead), nameof(DetClipTrainer.Options.LoadingThreads),
        nameof(DetClipTrainer.Options.MaxBrokenShare), nameof(DetClipTrainer.Options.StepsPerMessage), nameof(DetClipTrainer.Options.StepsPerCheckpoint),
        nameof(DetClipTrainer.Options.RunFolder), nameof(DetClipTrainer.Options.Resume), nameof(DetClipTrainer.Options.RecomputeActivations),
        nameof(DetClipTrainer.Options.InitialWeights), nameof(DetClipTrainer.Options.StepsPerPicture), nameof(DetClipTrainer.Options.SamplePictures),
        nameof(DetClipTrainer.Options.OperatorThreads),
    ];

    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = { new JsonStringEnumConverter() },
    };

    private readonly SortedDictionary<string, string> _values;

    private RunSettings(SortedDictionary<string, string> values) => _values = values;

    /// <summary>The settings of a run on some samples.</summary>
    public static RunSettings Of(DetClipTrainer.Options options, IReadOnlyList<TrainingSample> samples, IReadOnlyList<TrainingSample> replay)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var visible = options with { Tokenizer = null, Definitions = ConceptDictionary.Empty, Concepts = ConceptDictionary.Empty };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(visible, Json)!.AsObject())
            if (!Free.Contains(name) && !name.EndsWith("ColumnName", StringComparison.Ordinal)) Flatten(values, name, value);
        values.Remove("Network.Text.Vocabulary"); // the tokenizer's, whatever the options say
        values["the data"] = $"{samples.Count} samples, digest {Digest(samples)}";
        values["the data to replay"] = $"{replay.Count} samples, digest {Digest(replay)}";
        values[nameof(options.Concepts)] = $"{options.Concepts.Concepts.Count} names, digest {Digest(options.Concepts.Concepts)}";
        return new(values);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="JsonException">It is no such text.</exception>
    public static RunSettings Parse(string json) => new(JsonSerializer.Deserialize<SortedDictionary<string, string>>(json)!);

    /// <summary>How these differ from those of an earlier run, such as "LearningRate was 0.001, is 0.01"; a setting that only one of them has does not count.</summary>
    public IReadOnlyList<string> DifferencesFrom(RunSettings earlier) =>
        [.. _values.Where(v => earlier._values.TryGetValue(v.Key, out var was) && was != v.Value).Select(v => $"{v.Key} was {earlier._values[v.Key]}, is {v.Value}")];

    /// <summary>As JSON.</summary>
    public override string ToString() => JsonSerializer.Serialize(_values);

    private static void Flatten(SortedDictionary<string, string> values, string name, JsonNode? value)
    {
        if (value is not JsonObject parts) values[name] = value?.ToJsonString() ?? "null";
        else foreach (var (part, inner) in parts) Flatten(values, $"{name}.{part}", inner);
    }

    // What is shown where and what is said; not the paths of images, which may move.
    private static string Digest(IReadOnlyList<TrainingSample> samples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var sample in samples)
        {
            Append(hash, string.Create(CultureInfo.InvariantCulture, $"{sample.Kind} {sample.Boxes.Count} {sample.Caption}"));
            hash.AppendData(MemoryMarshal.AsBytes<Box>(sample.Boxes.ToArray()));
            foreach (var concept in sample.Concepts) Append(hash, concept.Sentence);
        }
        return Short(hash);
    }

    private static string Digest(IReadOnlyList<Concept> concepts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var concept in concepts) Append(hash, concept.Sentence);
        return Short(hash);
    }

    private static void Append(IncrementalHash hash, string line) => hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));

    private static string Short(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6));
}
