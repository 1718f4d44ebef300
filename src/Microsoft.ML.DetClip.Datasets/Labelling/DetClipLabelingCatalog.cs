using Microsoft.ML.DetClip.Datasets;

namespace Microsoft.ML;

/// <summary>Labelling of images by detectors in ML.NET's catalogs.</summary>
public static class DetClipLabelingCatalog
{
    /// <summary>Labels all images below a folder.</summary>
    /// <param name="catalog">mlContext.DetClip().</param>
    /// <param name="model">A detector, or a chain with one, such as <c>mlContext.Model.Load</c> gives; it stays the caller's.</param>
    /// <param name="imageFolder">Searched with the folders below it; images are taken in the order of their paths' letters.</param>
    /// <param name="ontology">What to look for.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="existing">Labels that are there already, such as <c>DatasetFormat.Named("coco").Read(…)</c>: all of them are kept, and win over detections of the same
    /// label that overlap them. Null for none.</param>
    /// <param name="progress">Told after each image.</param>
    /// <param name="cancellation">Ends the work with an exception.</param>
    /// <exception cref="ArgumentException">A setting is bad, or there is no detector in the model.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">Existing labels cannot be read, or are of captions.</exception>
    /// <remarks>An image that cannot be read stops nothing: <see cref="AutoLabels.Skipped"/> names it and says why.</remarks>
    /// <example><code>
    /// var labels = mlContext.DetClip().Label(model, "photos", LabelOntology.Load("labels.txt"), new() { Review = new(0.2f, 0.5f) });
    /// labels.Write(DatasetFormat.Named("voc"), "labelled");
    /// </code></example>
    public static AutoLabels Label(
        this DetClipCatalog catalog, ITransformer model, string imageFolder, LabelOntology ontology, AutoLabelOptions? options = null, DatasetReading? existing = null,
        IProgress<AutoLabelProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ontology);
        var labeler = new AutoLabeler((MLContext)catalog.Environment, ontology, (options ?? new()).Checked());
        var images = ImageFolder.List(imageFolder);
        var known = existing is null ? ExistingLabels.None : ExistingLabels.Read(existing);
        using var asked = labeler.Ask(model.FindDetector());
        return labeler.Run(asked, images, known, progress, cancellation);
    }
}
