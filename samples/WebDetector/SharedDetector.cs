using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using Microsoft.ML.DetClip;

namespace WebDetector;

/// <summary>One detector for all requests: it looks at a picture once, when that is sent, and answers each question from the regions that it saw.</summary>
/// <remarks>
/// The transformer is thread-safe and holds the network once; names that anybody asked for before are not encoded again. A detector that was exported before
/// graphs gave regions looks again at each question: a prediction borrows an engine, which is not thread-safe, from a pool.
/// </remarks>
internal sealed class SharedDetector : IDisposable
{
    private readonly OpenVocabularyDetectionTransformer _detector;
    private readonly ObjectPool<PredictionEngine<Question, Answer>> _engines;
    private readonly SemaphoreSlim _turns;
    private readonly WebDetectorOptions _options;
    private readonly ILogger _log;
    private readonly bool _keepsRegions;

    public SharedDetector(IOptions<WebDetectorOptions> options, ILogger<SharedDetector> log)
    {
        (_options, _log) = (options.Value, log);
        var mlContext = new MLContext();
        var estimator = mlContext.Transforms.DetectOpenVocabulary(_options.Model, new OpenVocabularyDetectionEstimator.Options
        {
            ImageColumnName = nameof(Question.Image), LabelsColumnName = nameof(Question.Names), ScoreThreshold = _options.ScoreThreshold,
        });
        _detector = estimator.Fit(mlContext.Data.LoadFromEnumerable<Question>([]));
        _engines = new DefaultObjectPoolProvider().Create(new EnginePolicy(mlContext, _detector));
        _turns = new(_options.PicturesAtATime);
        _keepsRegions = GivesRegions();
    }

    /// <summary>Looks at an image file.</summary>
    /// <exception cref="ImageDecodingException">It is no picture, or too large.</exception>
    /// <exception cref="OperationCanceledException">Given up; a look that has begun goes on, and keeps its turn, until it is done.</exception>
    public Task<Picture> LookAsync(byte[] encoded, CancellationToken cancellation) => InTurn(() => Look(encoded), cancellation);

    /// <summary>What of these names is on a picture, best score first.</summary>
    /// <exception cref="OperationCanceledException">Given up; a prediction that has begun goes on, and keeps its turn, until it is done.</exception>
    public Task<DetectionList> FindAsync(Picture picture, string[] names, CancellationToken cancellation) => InTurn(
        () => picture.Regions is { } regions ? _detector.Requery(regions, names.Select(name => new Concept(name))) : LookAgain(picture, names), cancellation);

    public void Dispose()
    {
        (_engines as IDisposable)?.Dispose();
        _detector.Dispose();
        _turns.Dispose();
    }

    private bool GivesRegions()
    {
        try
        {
            _detector.WithOptions(_detector.Options with { RegionsColumnName = "Regions" }).Dispose();
            return true;
        }
        catch (InvalidOperationException e)
        {
            _log.LogWarning("The network will look at a picture again at each question. {Reason}", e.Message);
            return false;
        }
    }

    private Picture Look(byte[] encoded)
    {
        using var image = ImageDecoder.FromBytes(encoded, "upload", _options.MaxPicturePixels);
        var picture = new Picture(image.Width, image.Height);
        if (!_keepsRegions) return picture with { Encoded = encoded };
        TellOfLook(picture);
        return picture with { Regions = _detector.FindRegions(image) };
    }

    private DetectionList LookAgain(Picture picture, string[] names)
    {
        TellOfLook(picture);
        var engine = _engines.Get();
        try
        {
            return engine.Predict(new() { Image = picture.Encoded, Names = names }).Detections;
        }
        finally
        {
            _engines.Return(engine);
        }
    }

    private void TellOfLook(Picture picture) => _log.LogInformation("The network looks at a picture of {Width}x{Height} pixels.", picture.Width, picture.Height);

    private async Task<T> InTurn<T>(Func<T> work, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        return await Task.Run(() =>
        {
            try
            {
                return work();
            }
            finally
            {
                _turns.Release();
            }
        }, CancellationToken.None).WaitAsync(cancellation);
    }

    private sealed class EnginePolicy(MLContext mlContext, ITransformer detector) : PooledObjectPolicy<PredictionEngine<Question, Answer>>
    {
        public override PredictionEngine<Question, Answer> Create() =>
            mlContext.Model.CreatePredictionEngine<Question, Answer>(detector, new PredictionEngineOptions { OwnsTransformer = false });

        public override bool Return(PredictionEngine<Question, Answer> engine) => true;
    }

    private sealed class Question
    {
        public byte[] Image { get; set; } = [];

        public string[] Names { get; set; } = [];
    }

    private sealed class Answer
    {
        [Detections]
        public DetectionList Detections { get; set; } = DetectionList.Empty;
    }
}
