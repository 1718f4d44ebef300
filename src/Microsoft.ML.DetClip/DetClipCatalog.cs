using Microsoft.ML.DetClip;

namespace Microsoft.ML.DetClip
{
    /// <summary>Where the packages around Microsoft.ML.DetClip add what they offer: <c>mlContext.DetClip()</c>.</summary>
    public sealed class DetClipCatalog
    {
        internal DetClipCatalog(MLContext mlContext) => MLContext = mlContext;

        /// <summary>The context that the catalog was asked of.</summary>
        public MLContext MLContext { get; }
    }
}

namespace Microsoft.ML
{
    /// <summary>The way from <see cref="MLContext"/> to what Microsoft.ML.DetClip offers.</summary>
    public static class DetClipContextExtensions
    {
        /// <summary>Trainers and evaluators of open-vocabulary detection, as far as their packages are there.</summary>
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
}
