using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.DetClip;

// In an ML.NET model file a detector is: the parts of DetectorContract, transformer.json, and vocabulary.bin.
public sealed partial class OpenVocabularyDetectionTransformer
{
    /// <summary>Version of what this file writes into a model file, besides the detector's own parts.</summary>
    private const int SavedFormat = 1;

    private const string SettingsFile = "transformer.json";

    /// <summary>The labels' embeddings, float32, little-endian, [K, D]; absent when each row names its own classes.</summary>
    private const string EmbeddingsFile = "vocabulary.bin";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, IgnoreReadOnlyProperties = true };

    /// <summary>What <see cref="MLContext"/> calls to read a detector from a model file.</summary>
    internal static MethodInfo Loader => ((Func<IHostEnvironment, object, ITransformer>)Load).Method;

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        using var session = OpenSession();
        MlNetInternals.SetVersion(ctx);
        MlNetInternals.Write(ctx, SettingsFile, JsonSerializer.SerializeToUtf8Bytes(new Settings(SavedFormat, Manifest.TextEncoderHash, Options), Json));
        if (_vocabulary is not null) MlNetInternals.Write(ctx, EmbeddingsFile, [.. MemoryMarshal.AsBytes<float>(_vocabulary.Embeddings)]);
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
        var vocabulary = ReadVocabulary(parts, settings, model.Manifest);
        var session = new DetectorSession(model, MlNetInternals.DeviceOf(env) with { Runtime = settings.Options.Runtime }, message => Warn(host, message));
        if (vocabulary is not null && model.Manifest.Frozen is null) session.Keep(vocabulary);
        return new OpenVocabularyDetectionTransformer(host, new(session), settings.Options, vocabulary);
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

    private static Vocabulary? ReadVocabulary(DetectorParts parts, Settings settings, DetectorManifest manifest)
    {
        if (settings.Options.LabelsColumnName is not null) return null;
        if (!settings.TextEncoderHash.Equals(manifest.TextEncoderHash, StringComparison.OrdinalIgnoreCase))
            throw new InvalidDataException($"The embeddings in the model file are of another text encoder ({settings.TextEncoderHash}) than the detector's ({manifest.TextEncoderHash}).");
        var bytes = parts.Read(EmbeddingsFile) ?? throw new InvalidDataException($"The model file has no {EmbeddingsFile}; it is damaged.");
        var expected = manifest.Frozen is null ? settings.Options.Labels.Count * manifest.EmbeddingWidth * sizeof(float) : 0;
        if (bytes.Length != expected) throw new InvalidDataException($"{EmbeddingsFile} in the model file has {bytes.Length} bytes, not {expected}; it is damaged.");
        return new(settings.Options.Labels, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    private sealed record Settings(int Format, string TextEncoderHash, OpenVocabularyDetectionEstimator.Options Options);
}
