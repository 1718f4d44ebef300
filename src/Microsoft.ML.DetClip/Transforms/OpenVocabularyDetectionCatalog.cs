using Microsoft.ML.DetClip;

namespace Microsoft.ML;

/// <summary>Open-vocabulary detection in ML.NET's catalogs.</summary>
public static class OpenVocabularyDetectionCatalog
{
    /// <summary>Finds objects of classes that are named in words.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="modelPath">The exported detector: a folder, or a zip of it.</param>
    /// <param name="labels">What to look for: names, concepts, or a <see cref="Vocabulary"/>.</param>
    /// <param name="imageColumnName">Column of the images: MLImage, path (text), or encoded file (vector of Byte).</param>
    /// <param name="scoreThreshold">Only detections with a higher score are kept; 0 to 1.</param>
    /// <exception cref="ArgumentException">Names every bad setting.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    /// <exception cref="InvalidDataException">There is no detector at the path, or a damaged or newer one.</exception>
    /// <example><code>
    /// var model = mlContext.Transforms.DetectOpenVocabulary("detector", labels: ["mug", "red car"]).Fit(photos);
    /// </code></example>
    public static OpenVocabularyDetectionEstimator DetectOpenVocabulary(this TransformsCatalog catalog, string modelPath, IEnumerable<Concept> labels,
        string imageColumnName = "Image", float scoreThreshold = 0.05f)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return catalog.DetectOpenVocabulary(modelPath, new() { Labels = [.. labels], ImageColumnName = imageColumnName, ScoreThreshold = scoreThreshold });
    }

    /// <summary>Finds objects of classes that are named in words, with all settings.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="modelPath">The exported detector: a folder, or a zip of it.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">Names every bad setting.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    /// <exception cref="InvalidDataException">There is no detector at the path, or a damaged or newer one.</exception>
    public static OpenVocabularyDetectionEstimator DetectOpenVocabulary(this TransformsCatalog catalog, string modelPath, OpenVocabularyDetectionEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Labels.Count > 0 || options.LabelsColumnName is not null) options.Checked(); // before a large file is read; else the model may have a vocabulary of its own
        return catalog.DetectOpenVocabulary(DetectorModel.Load(modelPath), options);
    }

    /// <summary>Finds objects of classes that are named in words, with a detector in memory.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The exported detector.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">Names every bad setting.</exception>
    public static OpenVocabularyDetectionEstimator DetectOpenVocabulary(this TransformsCatalog catalog, DetectorModel model, OpenVocabularyDetectionEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Labels.Count == 0 && options.LabelsColumnName is null && model.Manifest.Frozen is { } frozen)
            options = options with { Labels = frozen };
        return new(MlNetInternals.EnvironmentOf(catalog), model, options);
    }

    /// <summary>The same model looking for other things: every detector in it is replaced by one of the new labels, which shares its network.</summary>
    /// <param name="model">A detector, or a chain with at least one, such as <c>mlContext.Model.Load</c> gives.</param>
    /// <param name="labels">What to look for: names, concepts, or a <see cref="Vocabulary"/>.</param>
    /// <exception cref="ArgumentException">There is no detector in the model; or no label, or one is blank or there twice.</exception>
    public static ITransformer WithVocabulary(this ITransformer model, IEnumerable<Concept> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        Concept[] all = [.. labels];
        return model.WithOptions(options => options with { Labels = all, LabelsColumnName = null });
    }

    /// <summary>The same model with other settings: every detector in it is replaced by one that shares its network.</summary>
    /// <param name="model">A detector, or a chain with at least one, such as <c>mlContext.Model.Load</c> gives.</param>
    /// <param name="change">The new settings, from those of a detector.</param>
    /// <exception cref="ArgumentException">There is no detector in the model, or a setting is bad.</exception>
    public static ITransformer WithOptions(
        this ITransformer model, Func<OpenVocabularyDetectionEstimator.Options, OpenVocabularyDetectionEstimator.Options> change)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(change);
        return Replace(model, detector => detector.WithOptions(change(detector.Options)))
            ?? throw new ArgumentException("There is no open-vocabulary detector in the model.", nameof(model));
    }

    /// <summary>The first detector of a model, which stays the model's.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static OpenVocabularyDetectionTransformer FindDetector(this ITransformer model) =>
        Detectors(model).FirstOrDefault() ?? throw new ArgumentException("There is no open-vocabulary detector in the model.", nameof(model));

    private static IEnumerable<OpenVocabularyDetectionTransformer> Detectors(ITransformer model) => model switch
    {
        OpenVocabularyDetectionTransformer detector => [detector],
        IEnumerable<ITransformer> chain => chain.SelectMany(Detectors),
        _ => [],
    };

    // Null when there is no detector in it.
    private static ITransformer? Replace(ITransformer model, Func<OpenVocabularyDetectionTransformer, ITransformer> replace)
    {
        if (model is OpenVocabularyDetectionTransformer detector) return replace(detector);
        if (model is not IEnumerable<ITransformer> chain) return null;
        var replaced = chain.Select(part => (Old: part, New: Replace(part, replace))).ToArray();
        return replaced.Any(r => r.New is not null) ? new Data.TransformerChain<ITransformer>([.. replaced.Select(r => r.New ?? r.Old)]) : null;
    }
}
