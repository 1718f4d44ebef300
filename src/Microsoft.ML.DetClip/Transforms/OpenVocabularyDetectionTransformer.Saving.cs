using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.DetClip;

// In an ML.NET model file a detector is: the parts of DetectorContract, transformer.json, vocabulary.bin, and delta.json where it was fine-tuned so.
public sealed partial class OpenVocabularyDetectionTransformer
{
    /// <summary>Version of what this file writes into a model file, besides the detector's own parts. In format 1, labels are names and definitions alone, and suppression is hard and within a class.</summary>
    private const int SavedFormat = 2;

    private const string SettingsFile = "transformer.json";

    /// <summary>Embeddings of the labels' sentences, each once, float32, little-endian, [S, D]; absent when there are no labels. In format 1, one for each label.</summary>
    private const string EmbeddingsFile = "vocabulary.bin";

    /// <summary>The delta, as its own file has it; absent when there is none.</summary>
    private const string DeltaFile = "delta.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, IgnoreReadOnlyProperties = true };

    /// <summary>What <see cref="MLContext"/> calls to read a detector from a model file.</summary>
    internal static MethodInfo Loader => ((Func<IHostEnvironment, object, ITransformer>)Load).Method;

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        using var session = OpenSession();
        MlNetInternals.SetVersion(ctx);
        MlNetInternals.Write(ctx, SettingsFile, JsonSerializer.SerializeToUtf8Bytes(new Settings(SavedFormat, Manifest.TextEncoderHash, Options), Json));
        if (_encoded is not null) MlNetInternals.Write(ctx, EmbeddingsFile, [.. MemoryMarshal.AsBytes<float>(_encoded.SentenceEmbeddings)]);
        if (Delta is not null) MlNetInternals.Write(ctx, DeltaFile, Delta.ToJson());
        foreach (var (name, bytes) in session.Value.Model.Files) MlNetInternals.Write(ctx, name, bytes);
    }

    // Called by Microsoft.ML.DetClip.Loader, and by ML.NET itself after MLContext.UseDetClip.
    private static ITransformer Load(IHostEnvironment env, object context)
    {
        MlNetInternals.CheckVersion(context);
        using var parts = DetectorParts.From(name => MlNetInternals.Read(context, name));
        var settings = ReadSettings(parts);
        var host = env.Register(nameof(OpenVocabularyDetectionTransformer));
        var model = DetectorModel.Read(parts);
        var sentences = SentencesOf(settings);
        var embeddings = ReadEmbeddings(parts, settings, sentences.Count, model.Manifest);
        var delta = parts.Read(DeltaFile) is { } json ? EmbeddingDelta.Parse(json, $"{DeltaFile} in the model file") : null;
        delta?.CheckFits(model);
        var session = new DetectorSession(model, MlNetInternals.DeviceOf(env) with { Runtime = settings.Options.Runtime }, message => Warn(host, message));
        if (model.Manifest.Frozen is null) session.Texts.Keep(sentences, embeddings);
        return Create(host, new(session), settings.Options, delta);
    }

    private static Settings ReadSettings(DetectorParts parts)
    {
        var json = parts.Read(SettingsFile) ?? throw new InvalidDataException($"The model file has no {SettingsFile}; it was not written by Microsoft.ML.DetClip, or it is damaged.");
        try
        {
            CheckFormat(json);
            var settings = JsonSerializer.Deserialize<Settings>(json, Json)!;
            return settings with { Options = settings.Options.Checked() };
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or NullReferenceException)
        {
            throw new InvalidDataException($"{SettingsFile} in the model file is damaged: {e.Message}", e);
        }
    }

    private static void CheckFormat(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var format = document.RootElement.GetProperty(nameof(Settings.Format)).GetInt32();
        if (format > SavedFormat) throw new InvalidDataException($"The model file has format {format}; this version of Microsoft.ML.DetClip reads formats up to {SavedFormat}. Update the package.");
    }

    private static IReadOnlyList<string> SentencesOf(Settings settings) =>
        settings.Format == 1 ? [.. settings.Options.Labels.Select(label => label.Sentence)] : new PhrasePlan(settings.Options.Labels).Sentences;

    private static float[] ReadEmbeddings(DetectorParts parts, Settings settings, int sentences, DetectorManifest manifest)
    {
        if (sentences == 0) return [];
        if (!settings.TextEncoderHash.Equals(manifest.TextEncoderHash, StringComparison.OrdinalIgnoreCase))
            throw new InvalidDataException($"The embeddings in the model file are of another text encoder ({settings.TextEncoderHash}) than the detector's ({manifest.TextEncoderHash}).");
        var bytes = parts.Read(EmbeddingsFile) ?? throw new InvalidDataException($"The model file has no {EmbeddingsFile}; it is damaged.");
        var expected = sentences * manifest.EmbeddingWidth * sizeof(float);
        if (bytes.Length != expected) throw new InvalidDataException($"{EmbeddingsFile} in the model file has {bytes.Length} bytes, not {expected}; it is damaged.");
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    private sealed record Settings(int Format, string TextEncoderHash, OpenVocabularyDetectionEstimator.Options Options);
}
