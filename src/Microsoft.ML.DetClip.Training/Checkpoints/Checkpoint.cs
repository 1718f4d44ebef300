using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

/// <summary>A trained network in one file that needs no other: weights by name, and in the header its sizes, its tokenizer and how far it was trained.</summary>
/// <remarks>The file is a safetensors file, so other tools can read the weights too, and reading it runs nothing.</remarks>
public sealed class Checkpoint : IDisposable
{
    /// <summary>Version written into new files; this version and older ones are read.</summary>
    public const int FormatVersion = 1;

    private const string VersionKey = "detclip_version";
    private const string NetworkKey = "network";
    private const string TokenizerKey = "tokenizer";
    private const string StepKey = "step";

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly SafeTensorsFile _file;

    private Checkpoint(SafeTensorsFile file, DetClipConfig network, ClipTokenizer tokenizer, long step) =>
        (_file, Network, Tokenizer, Step) = (file, network, tokenizer, step);

    /// <summary>Sizes of the network.</summary>
    public DetClipConfig Network { get; }

    /// <summary>What turns texts into the network's token ids.</summary>
    public ClipTokenizer Tokenizer { get; }

    /// <summary>Training steps done.</summary>
    public long Step { get; }

    /// <summary>Opens a checkpoint and reads its header; weights are read when they are asked for.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no checkpoint, a damaged one, or one of a newer version.</exception>
    public static Checkpoint Open(string path)
    {
        var file = SafeTensorsFile.Open(path);
        try
        {
            CheckVersion(file);
            using var merges = new MemoryStream(Encoding.UTF8.GetBytes(Entry(file, TokenizerKey)));
            var network = JsonSerializer.Deserialize<DetClipConfig>(Entry(file, NetworkKey), Json)!;
            return new(file, network, ClipTokenizer.Read(merges), long.Parse(Entry(file, StepKey), CultureInfo.InvariantCulture));
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is JsonException or FormatException) throw new InvalidDataException($"The header of '{path}' is damaged: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Writes a checkpoint beside the path, then renames it, so that an older one there is whole until the new one is.</summary>
    internal static void Save(string path, DetClipNetwork network, ClipTokenizer tokenizer, long step)
    {
        using var merges = new MemoryStream();
        tokenizer.Write(merges);
        var metadata = new Dictionary<string, string>
        {
            [VersionKey] = FormatVersion.ToString(CultureInfo.InvariantCulture),
            [NetworkKey] = JsonSerializer.Serialize(network.Config, Json),
            [TokenizerKey] = Encoding.UTF8.GetString(merges.ToArray()),
            [StepKey] = step.ToString(CultureInfo.InvariantCulture),
        };
        SafeTensorsFile.Write(path, StateFiles.Tensors(network), metadata);
    }

    /// <summary>The network of this checkpoint, with its weights, ready to evaluate.</summary>
    /// <exception cref="InvalidDataException">The weights do not fit the sizes in the header.</exception>
    internal DetClipNetwork CreateNetwork()
    {
        var network = DetClipNetwork.Create(Network, seed: 0);
        LoadInto(network);
        network.eval();
        return network;
    }

    /// <summary>Copies the weights into a network of the same sizes; when anything does not fit, nothing is copied.</summary>
    /// <exception cref="InvalidDataException">Names every weight that is missing, left over or of another shape.</exception>
    internal void LoadInto(DetClipNetwork network) => StateFiles.Load(_file, network);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static void CheckVersion(SafeTensorsFile file)
    {
        if (!file.Metadata.TryGetValue(VersionKey, out var text) || !int.TryParse(text, CultureInfo.InvariantCulture, out var version))
            throw new InvalidDataException($"'{file.Path}' is a safetensors file but no checkpoint of Microsoft.ML.DetClip.");
        if (version > FormatVersion)
            throw new InvalidDataException($"'{file.Path}' is a checkpoint of format {version}; this version of Microsoft.ML.DetClip reads up to {FormatVersion}. Update the package.");
    }

    private static string Entry(SafeTensorsFile file, string key) =>
        file.Metadata.TryGetValue(key, out var value) ? value : throw new InvalidDataException($"The header of '{file.Path}' has no '{key}'.");
}
