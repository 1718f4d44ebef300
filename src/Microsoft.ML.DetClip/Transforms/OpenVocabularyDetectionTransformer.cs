using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.DetClip;

/// <summary>Finds objects of classes that are named in words. Thread-safe; one of them serves any number of data views and prediction engines.</summary>
/// <remarks>
/// It owns the network's memory: dispose it. A <see cref="PredictionEngine{TSrc, TDst}"/> disposes the transformer it was made of, unless
/// <c>PredictionEngineOptions.OwnsTransformer</c> is false. Rows are read in batches, lazily; nothing is run when none of the added columns is asked for.
/// </remarks>
public sealed partial class OpenVocabularyDetectionTransformer : ITransformer, IDisposable
{
    private readonly IHost _host;
    private readonly Share<DetectorSession> _session;
    private readonly EncodedVocabulary? _encoded; // by the network alone
    private readonly EncodedVocabulary? _vocabulary; // with the delta
    private readonly Lazy<Vocabulary?> _known;

    // Takes over the share.
    private OpenVocabularyDetectionTransformer(
        IHost host, Share<DetectorSession> session, OpenVocabularyDetectionEstimator.Options options, EncodedVocabulary? encoded, EmbeddingDelta? delta)
    {
        (_host, _session, Delta, _encoded) = (host, session, delta, encoded);
        _vocabulary = encoded is null ? null : WithOffsets(encoded);
        (Options, Manifest) = (options, session.Value.Manifest);
        Plan = new(options.Selection, options.MaxRegions, options.Tiles, options.BatchSize);
        BatchRows = session.Value.BatchSize(Plan, session.Value.LargestView, VocabularyOrNone.Plan.PhraseCount);
        if (options.BatchSize == 0) TellBatch(session.Value);
        _known = new(() => options.Labels.Count == 0 ? null : new(options.Labels));
    }

    /// <summary>The settings, with the labels in use.</summary>
    public OpenVocabularyDetectionEstimator.Options Options { get; }

    /// <summary>What fine-tuning added to the embeddings of some names; null where nothing was.</summary>
    public EmbeddingDelta? Delta { get; }

    /// <summary>What the detector says of itself.</summary>
    public DetectorManifest Manifest { get; }

    /// <summary>True: each row is looked at alone.</summary>
    public bool IsRowToRowMapper => true;

    internal DetectionPlan Plan { get; }

    /// <summary>The most rows of a batch: as many as the largest images allow where it is chosen by memory.</summary>
    internal int BatchRows { get; }

    internal EncodedVocabulary Vocabulary => _vocabulary ?? throw new InvalidOperationException("The detector has no labels of its own.");

    /// <summary>What is looked for in every row; nothing where there are no labels.</summary>
    internal EncodedVocabulary VocabularyOrNone => _vocabulary ?? EncodedVocabulary.Empty;

    /// <summary>What the words of a row stand for; null where each is a name alone.</summary>
    internal Vocabulary? Known => _known.Value;

    /// <summary>How the words of a row are encoded.</summary>
    internal EncodingNotes Notes => new(Warn) { CacheFolder = Options.EmbeddingCacheFolder };

    /// <summary>The same detector, looking for other things: the network is shared, and what was encoded before is not encoded again.</summary>
    /// <param name="labels">What to look for, the same in every row: names, concepts, or a <see cref="DetClip.Vocabulary"/>.</param>
    /// <returns>A transformer of its own: each of them is disposed, in any order.</returns>
    /// <exception cref="ArgumentException">There is no label, or one is blank or there twice.</exception>
    /// <exception cref="ObjectDisposedException">This transformer has been disposed.</exception>
    public OpenVocabularyDetectionTransformer WithVocabulary(IEnumerable<Concept> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return WithOptions(Options with { Labels = [.. labels], LabelsColumnName = null });
    }

    /// <summary>The same detector with other settings: the network is shared, and what was encoded before is not encoded again.</summary>
    /// <param name="options">The settings, such as <c>detector.Options with { ScoreThreshold = 0 }</c>.</param>
    /// <returns>A transformer of its own: each of them is disposed, in any order.</returns>
    /// <exception cref="ArgumentException">Names every bad setting.</exception>
    /// <exception cref="InvalidOperationException">Regions are wanted of a detector that was exported before graphs gave regions.</exception>
    /// <exception cref="ObjectDisposedException">This transformer has been disposed.</exception>
    public OpenVocabularyDetectionTransformer WithOptions(OpenVocabularyDetectionEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Checked();
        return Create(_host, options.Runtime == Options.Runtime ? OpenSession() : OpenSession(options.Runtime), options, Delta);
    }

    /// <summary>The same detector with offsets for the embeddings of fine-tuned names: the network is shared, and every other name keeps its scores to the bit.</summary>
    /// <param name="delta">What was learned with this very detector; null for none.</param>
    /// <returns>A transformer of its own: each of them is disposed, in any order. Saved, it keeps the delta.</returns>
    /// <exception cref="InvalidDataException">The delta was learned with another detector.</exception>
    /// <exception cref="ObjectDisposedException">This transformer has been disposed.</exception>
    public OpenVocabularyDetectionTransformer WithDelta(EmbeddingDelta? delta)
    {
        using var session = OpenSession();
        delta?.CheckFits(session.Value.Model);
        return Create(_host, OpenSession(), Options, delta);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new DetectionColumns(this, inputSchema).Schema;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public IDataView Transform(IDataView input) => new LookAheadDataView(this, input);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new DetectionMapper(this, inputSchema);

    /// <summary>Frees the network, unless other transformers or running predictions still use it; they free it then.</summary>
    public void Dispose()
    {
        if (_vocabulary is not null) _session.Value.Forget(_vocabulary);
        _session.Dispose();
    }

    /// <summary>A share in the session for the length of a call, so that disposing the transformer meanwhile does no harm.</summary>
    /// <exception cref="ObjectDisposedException">This transformer has been disposed.</exception>
    internal Share<DetectorSession> OpenSession() => _session.Another(GetType());

    /// <summary>A session of its own for another runtime.</summary>
    private Share<DetectorSession> OpenSession(DetectorRuntime runtime)
    {
        using var session = OpenSession();
        return new(new DetectorSession(session.Value.Model, session.Value.Device with { Runtime = runtime }, Warn));
    }

    /// <summary>What was encoded, with the offsets of its names.</summary>
    internal EncodedVocabulary WithOffsets(EncodedVocabulary encoded) => Delta is null ? encoded : encoded.With(Delta);

    /// <summary>Tells whoever listens to <c>MLContext.Log</c>.</summary>
    internal void Warn(string message) => Warn(_host, message);

    /// <summary>A transformer with a session of its own.</summary>
    internal static OpenVocabularyDetectionTransformer Create(IHostEnvironment env, DetectorModel model, OpenVocabularyDetectionEstimator.Options options) =>
        Create(env, MlNetInternals.DeviceOf(env), model, options);

    /// <inheritdoc cref="Create(IHostEnvironment, DetectorModel, OpenVocabularyDetectionEstimator.Options)"/>
    internal static OpenVocabularyDetectionTransformer Create(IHostEnvironment env, SessionDevice device, DetectorModel model, OpenVocabularyDetectionEstimator.Options options)
    {
        var host = env.Register(nameof(OpenVocabularyDetectionTransformer));
        return Create(host, new(new DetectorSession(model, device with { Runtime = options.Runtime }, message => Warn(host, message))), options);
    }

    // Takes over the share.
    private static OpenVocabularyDetectionTransformer Create(IHost host, Share<DetectorSession> session, OpenVocabularyDetectionEstimator.Options options, EmbeddingDelta? delta = null)
    {
        try
        {
            if (options.RegionsColumnName is not null) session.Value.RequireRegions();
            return new(host, session, options, Encode(host, session.Value, options), delta);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static EncodedVocabulary? Encode(IHost host, DetectorSession session, OpenVocabularyDetectionEstimator.Options options)
    {
        if (options.Labels.Count == 0) return null;
        var labels = options.LabelCulture is { } culture ? options.Labels.Select(l => l.LabelIn(culture)).ToArray() : null;
        var notes = new EncodingNotes(message => Warn(host, message)) { CacheFolder = options.EmbeddingCacheFolder, TellsCuts = false };
        var vocabulary = session.Encode(ScoreTemperature.Undo(options.Labels, options.Temperature), notes, labels);
        VocabularyLog.Tell(vocabulary, session.Texts.Tokenizer, session.Manifest.TextLength, notes.Warn);
        return vocabulary;
    }

    private void TellBatch(DetectorSession session)
    {
        const int MiB = 1 << 20;
        var (budget, view, phrases) = (session.Budget, session.LargestView, VocabularyOrNone.Plan.PhraseCount);
        var each = budget.OfImage((long)view.CanvasWidth * view.CanvasHeight, phrases) / MiB;
        using var channel = _host.Start("Detection");
        channel.Info(MessageSensitivity.None, "{0}", string.Create(CultureInfo.InvariantCulture,
            $"BatchSize is 0, chosen by memory: {BatchRows} images of {view.CanvasWidth}x{view.CanvasHeight} pixels and {phrases} phrases at a time, about {each:F0} MiB each, of {budget.Bytes / MiB} MiB."));
    }

    private static void Warn(IHost host, string message)
    {
        using var channel = host.Start("Detection");
        channel.Warning(MessageSensitivity.UserData, "{0}", message);
    }
}
