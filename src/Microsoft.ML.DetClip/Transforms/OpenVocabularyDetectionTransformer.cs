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
    private readonly Vocabulary? _vocabulary;

    // Takes over the share.
    private OpenVocabularyDetectionTransformer(IHost host, Share<DetectorSession> session, OpenVocabularyDetectionEstimator.Options options, Vocabulary? vocabulary)
    {
        (_host, _session, _vocabulary) = (host, session, vocabulary);
        (Options, Selection, Manifest) = (options, options.Selection, session.Value.Manifest);
    }

    /// <summary>The settings, with the labels in use.</summary>
    public OpenVocabularyDetectionEstimator.Options Options { get; }

    /// <summary>What the detector says of itself.</summary>
    public DetectorManifest Manifest { get; }

    /// <summary>True: each row is looked at alone.</summary>
    public bool IsRowToRowMapper => true;

    internal SelectionOptions Selection { get; }

    internal Vocabulary Vocabulary => _vocabulary ?? throw new InvalidOperationException("Each row names its own classes.");

    /// <summary>The same detector, looking for other things: the network is shared, and what was encoded before is not encoded again.</summary>
    /// <param name="labels">What to look for, the same in every row.</param>
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
    /// <exception cref="ObjectDisposedException">This transformer has been disposed.</exception>
    public OpenVocabularyDetectionTransformer WithOptions(OpenVocabularyDetectionEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Checked();
        return options.Runtime == Options.Runtime ? Create(_host, OpenSession(), options) : Create(_host, OpenSession(options.Runtime), options);
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
    public void Dispose() => _session.Dispose();

    /// <summary>A share in the session for the length of a call, so that disposing the transformer meanwhile does no harm.</summary>
    /// <exception cref="ObjectDisposedException">This transformer has been disposed.</exception>
    internal Share<DetectorSession> OpenSession() => _session.Another(GetType());

    /// <summary>A session of its own for another runtime; what was encoded before is taken over.</summary>
    private Share<DetectorSession> OpenSession(DetectorRuntime runtime)
    {
        using var session = OpenSession();
        var other = new DetectorSession(session.Value.Model, session.Value.Device with { Runtime = runtime }, Warn);
        if (_vocabulary is not null && Manifest.Frozen is null) other.Keep(_vocabulary);
        return new(other);
    }

    /// <summary>Tells whoever listens to <c>MLContext.Log</c>.</summary>
    internal void Warn(string message) => Warn(_host, message);

    /// <summary>A transformer with a session of its own.</summary>
    internal static OpenVocabularyDetectionTransformer Create(IHostEnvironment env, DetectorModel model, OpenVocabularyDetectionEstimator.Options options)
    {
        var host = env.Register(nameof(OpenVocabularyDetectionTransformer));
        return Create(host, new(new DetectorSession(model, MlNetInternals.DeviceOf(env) with { Runtime = options.Runtime }, message => Warn(host, message))), options);
    }

    // Takes over the share.
    private static OpenVocabularyDetectionTransformer Create(IHost host, Share<DetectorSession> session, OpenVocabularyDetectionEstimator.Options options)
    {
        try
        {
            var vocabulary = options.LabelsColumnName is null ? session.Value.Encode(options.Labels, message => Warn(host, message)) : null;
            return new(host, session, options, vocabulary);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void Warn(IHost host, string message)
    {
        using var channel = host.Start("Detection");
        channel.Warning(MessageSensitivity.UserData, "{0}", message);
    }
}
