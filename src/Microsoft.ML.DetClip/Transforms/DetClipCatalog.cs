using Microsoft.ML.DetClip;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What Microsoft.ML.DetClip adds to a context; see <see cref="DetClipCatalogExtensions.DetClip"/>. Each package of the suite adds its own operations.</summary>
public sealed class DetClipCatalog
{
    internal DetClipCatalog(IHostEnvironment environment) => (Environment, Trainers) = (environment, new(environment));

    /// <summary>The trainers.</summary>
    public TrainerCatalog Trainers { get; }

    internal IHostEnvironment Environment { get; }

    /// <summary>Trainers of open-vocabulary detectors; they are in the package Microsoft.ML.DetClip.Training.</summary>
    public sealed class TrainerCatalog
    {
        internal TrainerCatalog(IHostEnvironment environment) => Environment = environment;

        internal IHostEnvironment Environment { get; }
    }
}

/// <summary>Where to find <see cref="DetClipCatalog"/>.</summary>
public static class DetClipCatalogExtensions
{
    /// <summary>Open-vocabulary detection.</summary>
    public static DetClipCatalog DetClip(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new(mlContext);
    }

    /// <summary>Lets <c>mlContext.Model.Load</c> find detectors in model files. Needed only where it does not find them by itself, which it does on today's .NET runtimes.</summary>
    public static MLContext UseDetClip(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        MlNetInternals.RegisterLoader(mlContext.ComponentCatalog, OpenVocabularyDetectionTransformer.Loader);
        return mlContext;
    }
}
