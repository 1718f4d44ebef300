using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.DetClip.Training;

/// <summary>A training run as a JSON file: any settings of <see cref="DetClipTrainer.Options"/> by their names, the rest at their defaults, and which data it learns from.</summary>
/// <remarks>
/// Comments and commas after the last item are allowed. Settings inside settings are objects, such as "Detection": { "BatchSize": 8 }; a "Network" begins with its "Variant".
/// Paths are relative to the working directory. Files are opened by <see cref="LoadOptions"/> only.
/// </remarks>
public sealed record TrainingRecipe
{
    /// <summary>The settings, those that are read from files aside.</summary>
    public DetClipTrainer.Options Options { get; init; } = new();

    /// <summary>What is learned from, each as the data sets' <c>LoadDataSources</c> takes it: "coco:FILE,images=FOLDER" and others.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>What is measured on during the run, in the same form; may be none.</summary>
    public IReadOnlyList<string> Validation { get; init; } = [];

    /// <summary>Data of earlier training to mix in, in the same form; see <see cref="DetClipTrainer.Options.ReplayShare"/>. May be none.</summary>
    public IReadOnlyList<string> Replay { get; init; } = [];

    /// <summary>Images of names that must not be forgotten, in the same form, measured before and after; may be none.</summary>
    public IReadOnlyList<string> Held { get; init; } = [];

    /// <summary>File of the tokenizer, a byte-pair vocabulary in CLIP's layout; null learns one from the data.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>What labels mean: a file of names and definitions, or WordNet's folder. See <see cref="DetClipTrainer.Options.Definitions"/>.</summary>
    public string? Definitions { get; init; }

    /// <summary>Names to ask about that images do not show: a file of names and definitions. See <see cref="DetClipTrainer.Options.Concepts"/>.</summary>
    public string? Concepts { get; init; }

    /// <summary>The tree it was read from, changes included.</summary>
    internal JsonObject Json { get; init; } = [];

    /// <summary>Reads a recipe.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="changes">Settings that take other values than in the file, each "name=value" with a value in JSON or a plain text, such as "Detection.BatchSize=8".</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not JSON, or has names or values that are not known: names all of them at once, and what was probably meant.</exception>
    public static TrainingRecipe Load(string path, params IReadOnlyList<string> changes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var json = RecipeJson.Read(path);
        foreach (var change in changes) RecipeJson.Apply(json, change);
        var binder = new RecipeBinder();
        var bound = binder.Bind(json, [new TrainingRecipe(), new DetClipTrainer.Options()]);
        if (binder.Faults.Count > 0) throw new InvalidDataException($"The recipe '{path}' is not understood: {string.Join("; ", binder.Faults)}.");
        return (TrainingRecipe)bound[0] with { Options = (DetClipTrainer.Options)bound[1], Json = json };
    }

    /// <summary>Writes the recipe with its changes and its data, so that the run can be repeated; beside the path first, then renamed.</summary>
    internal void Save(string path)
    {
        var json = (JsonObject)Json.DeepClone();
        json[nameof(Data)] = new JsonArray([.. Data.Select(source => JsonValue.Create(source))]);
        json[nameof(Validation)] = new JsonArray([.. Validation.Select(source => JsonValue.Create(source))]);
        json[nameof(Replay)] = new JsonArray([.. Replay.Select(source => JsonValue.Create(source))]);
        json[nameof(Held)] = new JsonArray([.. Held.Select(source => JsonValue.Create(source))]);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new Utf8JsonWriter(stream, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            json.WriteTo(writer);
        });
    }

    /// <summary>The settings, with what they read from files.</summary>
    /// <exception cref="IOException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be; says where and how.</exception>
    public DetClipTrainer.Options LoadOptions() => Options with
    {
        Tokenizer = Tokenizer is null ? Options.Tokenizer : ClipTokenizer.Load(Tokenizer),
        Definitions = Dictionary(Definitions) ?? Options.Definitions,
        Concepts = Dictionary(Concepts) ?? Options.Concepts,
    };

    private static ConceptDictionary? Dictionary(string? path) =>
        path is null ? null : Directory.Exists(path) ? ConceptDictionary.LoadWordNet(path) : ConceptDictionary.Load(path);
}
