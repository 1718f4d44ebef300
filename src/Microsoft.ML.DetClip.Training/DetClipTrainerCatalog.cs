using Microsoft.ML.DetClip.Training;

namespace Microsoft.ML;

/// <summary>Training of open-vocabulary detectors in ML.NET's catalogs.</summary>
public static class DetClipTrainerCatalog
{
    /// <summary>Trains a detector on images with labelled boxes; what it learns, it can find by any name.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">The settings; null trains the paper's Swin-T as the paper does. <see cref="DetClipTrainer.Options.Nano"/> is for two processor cores.</param>
    /// <exception cref="ArgumentException">Names every bad setting.</exception>
    /// <example><code>
    /// var trainer = mlContext.DetClip().Trainers.OpenVocabularyDetection(DetClipTrainer.Options.Nano with { Epochs = 100 });
    /// var model = trainer.Fit(photos);
    /// </code></example>
    public static DetClipTrainer OpenVocabularyDetection(this DetClipCatalog.TrainerCatalog catalog, DetClipTrainer.Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(catalog.Environment, options ?? new());
    }
}
