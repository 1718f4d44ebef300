using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using Microsoft.ML.DetClip;

namespace WebDetector;

/// <summary>One detector for all requests. The transformer is thread-safe and holds the network once; each prediction borrows an engine, which is not, from a pool.</summary>
/// <remarks>Each question names its own classes (<c>LabelsColumnName</c>); names that anybody asked for before are not encoded again.</remarks>
internal sealed class SharedDetector : IDisposable
{
    private readonly OpenVocabularyDetectionTransformer _detector;
    private readonly ObjectPool<PredictionEngine<Question, Answer>> _engines;
    private readonly SemaphoreSlim _turns;

    public SharedDetector(IOptions<WebDetectorOptions> options)
    {
        var mlContext = new MLContext();
        var estimator = mlContext.Transforms.DetectOpenVocabulary(options.Value.Model, new OpenVocabularyDetectionEstimator.Options
        {
            ImageColumnName = nameof(Question.Image), LabelsColumnName = nameof(Question.Names), ScoreThreshold = options.Value.ScoreThreshold,
        });
        _detector = estimator.Fit(mlContext.Data.LoadFromEnumerable<Question>([]));
        _engines = new DefaultObjectPoolProvider().Create(new EnginePolicy(mlContext, _detector));
        _turns = new(options.Value.PicturesAtATime);
    }

    /// <summary>What of these names is on a picture, best score first.</summary>
    /// <exception cref="OperationCanceledException">Given up; a prediction that has begun goes on, and keeps its turn, until it is done.</exception>
    public async Task<DetectionList> FindAsync(Picture picture, string[] names, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        return await Task.Run(() => Find(picture, names), CancellationToken.None).WaitAsync(cancellation);
    }

    public void Dispose()
    {
        (_engines as IDisposable)?.Dispose();
        _detector.Dispose();
        _turns.Dispose();
    }

    private DetectionList Find(Picture picture, string[] names)
    {
        var engine = _engines.Get();
        try
        {
            return engine.Predict(new() { Image = picture.Encoded, Names = names }).Detections;
        }
        finally
        {
            _engines.Return(engine);
            _turns.Release();
        }
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
