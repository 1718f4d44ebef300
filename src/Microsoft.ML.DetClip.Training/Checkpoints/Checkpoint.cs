using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

/// <summary>A trained network in one file that needs no other: weights by name, and in the header its sizes, its tokenizer and how far it was trained.</summary>
/// <remarks>
/// The file is a safetensors file, so other tools can read the weights too, and reading it runs nothing.
/// A run's newest one also holds all that the run needs to go on, as tensors whose names begin with "training/".
/// </remarks>
public sealed class Checkpoint : IDisposable
{
    /// <summary>Version written into new files; this version and older ones are read.</summary>
    public const int FormatVersion = 2;

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

    /// <summary>Writes a network as a checkpoint without a state to go on from.</summary>
    internal static void Save(string path, DetClipNetwork network, ClipTokenizer tokenizer, long step) =>
        Save(path, network.Config, tokenizer, step, StateFiles.Tensors(network.state_dict()), []);

    /// <summary>Writes a checkpoint beside the path, then renames it, so that an older one there is whole until the new one is.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="config">Sizes of the network.</param>
    /// <param name="tokenizer">What turns texts into the network's token ids.</param>
    /// <param name="step">Training steps done.</param>
    /// <param name="tensors">The weights, and what else is kept.</param>
    /// <param name="entries">Texts for the header besides the checkpoint's own.</param>
    internal static void Save(
        string path, DetClipConfig config, ClipTokenizer tokenizer, long step, IEnumerable<SafeTensor> tensors, Dictionary<string, string> entries)
    {
        using var merges = new MemoryStream();
        tokenizer.Write(merges);
        var metadata = new Dictionary<string, string>(entries)
        {
            [VersionKey] = FormatVersion.ToString(CultureInfo.InvariantCulture),
            [NetworkKey] = JsonSerializer.Serialize(config, Json),
            [TokenizerKey] = Encoding.UTF8.GetString(merges.ToArray()),
            [StepKey] = step.ToString(CultureInfo.InvariantCulture),
        };
        SafeTensorsFile.Write(path, tensors, metadata);
    }

    /// <summary>The image size that the network was trained for, as its run's settings have it; null where the file does not tell.</summary>
    /// <exception cref="InvalidDataException">The settings are damaged.</exception>
    internal (int ShortSide, int LongSide)? ImageSize()
    {
        try
        {
            return TrainingStateFile.SettingsIn(_file).ImageSize;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The header of '{_file.Path}' is damaged: {e.Message}", e);
        }
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
    internal void LoadInto(DetClipNetwork network) => StateFiles.Load(_file, network.state_dict(), TrainingStateFile.Prefix);

    /// <summary>Brings a run's state to where this checkpoint was written; when anything does not fit, nothing is changed.</summary>
    /// <param name="state">The state.</param>
    /// <param name="settings">The settings of the run; must be those of the run that wrote the checkpoint.</param>
    /// <exception cref="InvalidDataException">There is no state in this checkpoint, it is damaged, or of another run; says how it differs.</exception>
    internal void Resume(TrainingState state, RunSettings settings)
    {
        if (!TrainingStateFile.IsIn(_file))
            throw new InvalidDataException($"'{_file.Path}' holds weights but no state to go on from. Begin a new run with them by StartFrom, in another folder.");
        try
        {
            var differences = settings.DifferencesFrom(TrainingStateFile.SettingsIn(_file));
            if (differences.Count > 0)
                throw new InvalidDataException(
                    $"'{_file.Path}' is of a run with other settings: {string.Join("; ", differences)}. Set these back, choose another RunFolder, or begin anew with Resume = false.");
            new TrainingStateFile(state).Load(_file);
            state.Step = Step;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The header of '{_file.Path}' is damaged: {e.Message}", e);
        }
    }

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
