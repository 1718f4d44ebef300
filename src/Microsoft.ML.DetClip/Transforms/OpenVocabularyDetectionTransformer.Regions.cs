using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

// What can be done with regions: ask them later, and make concepts of them.
public sealed partial class OpenVocabularyDetectionTransformer
{
    /// <summary>A region stands for an example box when they overlap at least this much (IoU).</summary>
    private const float ExampleIoU = 0.4f;

    /// <summary>What stored regions show of this detector's labels, with its thresholds: just what it would find in the image with <see cref="OpenVocabularyDetectionEstimator.Options.RegionsColumnName"/>.</summary>
    /// <param name="regions">Of this detector, or of another with the same network.</param>
    /// <returns>Best score first, in pixels of the original image. Scores above <see cref="RegionList.Bound"/> miss nothing that the image holds.</returns>
    /// <exception cref="ArgumentException">The regions fit another text encoder.</exception>
    /// <exception cref="InvalidOperationException">The detector has no labels: give them.</exception>
    /// <exception cref="ObjectDisposedException">This transformer has been disposed.</exception>
    public DetectionList Requery(RegionList regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        using var session = OpenSession();
        return Ask(regions, Vocabulary);
    }

    /// <summary>What stored regions show of other labels; the image graph is not run, and labels that were encoded before are not encoded again.</summary>
    /// <param name="regions">Of this detector, or of another with the same network.</param>
    /// <param name="labels">What to look for.</param>
    /// <returns>Best score first, in pixels of the original image.</returns>
    /// <exception cref="ArgumentException">The regions fit another text encoder; or there is no label, or one is blank or there twice.</exception>
    /// <exception cref="ObjectDisposedException">This transformer has been disposed.</exception>
    public DetectionList Requery(RegionList regions, IEnumerable<Concept> labels)
    {
        ArgumentNullException.ThrowIfNull(regions);
        ArgumentNullException.ThrowIfNull(labels);
        using var other = WithVocabulary(labels);
        return Ask(regions, other.Vocabulary);
    }

    /// <summary>The regions of one image, to be asked any number of times.</summary>
    /// <param name="image">The image.</param>
    /// <exception cref="InvalidOperationException">The detector was exported before graphs gave regions.</exception>
    /// <exception cref="ObjectDisposedException">This transformer has been disposed.</exception>
    public RegionList FindRegions(MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var session = OpenSession();
        return BatchDetector.FindRegions(session.Value, [image], Plan)[0];
    }

    /// <summary>A concept made of example boxes: the mean of their region embeddings, less that of all regions of the images, at the length of the name's text embedding, and mixed with that.</summary>
    /// <remarks>Embeddings are brought to length 1 before a mean is taken. Without the mean of all regions, which any region is like, the concept would be found everywhere.</remarks>
    /// <param name="name">What to call it; also the text that is mixed in.</param>
    /// <param name="examples">Images and boxes, in pixels of the image, each around one example. Each box is stood for by the region that fits it best.</param>
    /// <param name="textWeight">The share of the text: 0 for the examples alone, 1 for the text alone.</param>
    /// <returns>For <see cref="WithVocabulary"/>, among other concepts; it is saved with the detector.</returns>
    /// <exception cref="ArgumentException">There is no example, the weight is not 0 to 1, or no region overlaps a box enough; says which box.</exception>
    /// <exception cref="InvalidOperationException">The detector was exported before graphs gave regions.</exception>
    /// <exception cref="ObjectDisposedException">This transformer has been disposed.</exception>
    public Concept ConceptFromExamples(string name, IEnumerable<(MLImage Image, Box Box)> examples, double textWeight = 0)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(examples);
        if (textWeight is not (>= 0 and <= 1)) throw new ArgumentException($"textWeight is {textWeight}, allowed: 0 to 1.", nameof(textWeight));
        (MLImage Image, Box Box)[] all = [.. examples];
        if (all.Length == 0) throw new ArgumentException("There is no example; give at least one image with a box.", nameof(examples));
        using var session = OpenSession();
        session.Value.RequireRegions();
        var text = session.Value.Encode([name], Notes).Embeddings;
        var found = all.Select(e => e.Image).Distinct().ToDictionary(image => image, image => BatchDetector.FindRegions(session.Value, [image], Plan with { MaxRegions = int.MaxValue })[0]);
        var shown = all.Select((e, i) => found[e.Image].EmbeddingAt(e.Box, ExampleIoU, $"Example {i}", nameof(examples))).ToArray();
        var conceptBias = Manifest.Scoring!.ConceptBias;
        var common = VisualPrompt.MeanDirection([.. found.Values.SelectMany(regions => regions.AllEmbeddings())], conceptBias ? text.Length - 1 : text.Length);
        return new(name) { Embedding = new(Manifest.TextEncoderHash, VisualPrompt.Mix(text, shown, common, (float)textWeight, conceptBias)) };
    }

    private DetectionList Ask(RegionList regions, EncodedVocabulary vocabulary) =>
        regions.TextEncoderHash.Equals(Manifest.TextEncoderHash, StringComparison.OrdinalIgnoreCase) && regions.EmbeddingWidth == Manifest.EmbeddingWidth
            ? ScoreTemperature.Apply(regions.Ask(vocabulary, Plan.Selection), Options.Temperature)
            : throw new ArgumentException($"The regions fit another text encoder ({regions.TextEncoderHash}) than the detector's ({Manifest.TextEncoderHash}); find them again with this detector.", nameof(regions));
}
