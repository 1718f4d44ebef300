using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Tests;

public sealed class ConceptFromExamplesTests : IDisposable
{
    private static readonly Box RedBox = new(10, 20, 60, 80);

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly MLImage _image = new ToyImage(120, 100, (ToyImage.Red, RedBox), (ToyImage.Green, new(70, 30, 110, 90))).ToMLImage();
    private readonly IDataView _data;
    private readonly OpenVocabularyDetectionTransformer _detector;

    public ConceptFromExamplesTests()
    {
        var path = new ToyImage(140, 110, (ToyImage.Red, new(80, 20, 130, 80)), (ToyImage.Green, new(10, 30, 50, 90))).Save(_folder);
        _data = _mlContext.Data.LoadFromEnumerable([new PathRow { Image = path }]);
        _detector = _mlContext.Fit(Toy.Options, _data, ToyDetector.WithRegions);
    }

    public void Dispose()
    {
        _detector.Dispose();
        _image.Dispose();
        _folder.Dispose();
    }

    // To the toy's text encoder, "gizmo" is green.
    [Theory]
    [InlineData(0.0, 80)]
    [InlineData(1.0, 10)]
    public void The_examples_or_the_text_decide_what_is_found(double textWeight, int left)
    {
        var concept = _detector.ConceptFromExamples("gizmo", [(_image, RedBox), (_image, new(12, 18, 58, 82))], textWeight);
        using var other = _detector.WithVocabulary([concept, "blue"]);

        var found = Assert.Single(Assert.Single(_mlContext.Rows(other.Transform(_data))).Detections);

        Assert.Equal("gizmo", found.Label);
        Assert.Equal(left, found.Box.X0, 1f);
    }

    [Fact]
    public void A_saved_detector_keeps_it()
    {
        using var other = _detector.WithVocabulary([_detector.ConceptFromExamples("gizmo", [(_image, RedBox)]), "green"]);
        _mlContext.Model.Save(other, _data.Schema, _folder.PathOf("model.zip"));

        using var loaded = (OpenVocabularyDetectionTransformer)_mlContext.Model.Load(_folder.PathOf("model.zip"), out _);

        Assert.Equal(other.Options.Labels, loaded.Options.Labels);
        Assert.Equal(Assert.Single(_mlContext.Rows(other.Transform(_data))).Detections, Assert.Single(_mlContext.Rows(loaded.Transform(_data))).Detections);
        // The name alone is still the text.
        using var text = loaded.WithVocabulary(["gizmo"]);
        Assert.Equal(10, Assert.Single(Assert.Single(_mlContext.Rows(text.Transform(_data))).Detections).Box.X0, 1f);
    }

    [Fact]
    public void A_mixture_has_the_texts_length_and_keeps_its_bias()
    {
        float[] text = [3, 4, 7];

        Assert.Equal([3, 4, 7], VisualPrompt.Mix(text, [[0, 9, 1]], [0, 0], 1, conceptBias: true));
        Assert.Equal([0, 5, 7], VisualPrompt.Mix(text, [[0, 9, 1]], [0, 0.5f], 0, conceptBias: true));
        var mixed = VisualPrompt.Mix([3, 4], [[0, 2], [8, 0]], [0, 0], 0.3f, conceptBias: false);
        Assert.Equal(5, Vectors.Length(mixed), 1e-5);
        Assert.Equal((0.3 * 3 + 0.7 * 5 / Math.Sqrt(2)) / (0.3 * 4 + 0.7 * 5 / Math.Sqrt(2)), mixed[0] / mixed[1], 1e-5);
    }

    [Fact]
    public void What_all_regions_have_in_common_is_no_part_of_it()
    {
        float[] common = [0.5f, 0.5f, 0.5f], own = [0.2f, 0, -0.2f];

        var mixed = VisualPrompt.Mix([0, 3, 4], [Vectors.Add(common, own)], Vectors.Scale(common, 1 / Vectors.Length(Vectors.Add(common, own))), 0, conceptBias: false);

        Assert.Equal(0, Vectors.Dot(common, mixed), 1e-4);
        Assert.Equal(5 / MathF.Sqrt(2), mixed[0], 1e-4);
    }

    [Fact]
    public void What_makes_no_concept_is_refused()
    {
        Assert.Contains("textWeight is 2", Assert.Throws<ArgumentException>(() => _detector.ConceptFromExamples("gizmo", [(_image, RedBox)], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("no example", Assert.Throws<ArgumentException>(() => _detector.ConceptFromExamples("gizmo", [])).Message, StringComparison.Ordinal);
        var missed = Assert.Throws<ArgumentException>(() => _detector.ConceptFromExamples("gizmo", [(_image, RedBox), (_image, new(0, 0, 5, 5))]));
        Assert.Contains("Example 1: no region overlaps the box", missed.Message, StringComparison.Ordinal);
        using var old = _mlContext.Fit(Toy.Options, _data);
        Assert.Contains("Export it again", Assert.Throws<InvalidOperationException>(() => old.ConceptFromExamples("gizmo", [(_image, RedBox)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_embedding_of_another_encoder_or_width_is_refused()
    {
        var hash = ToyDetector.Manifest.TextEncoderHash;
        foreach (var (embedding, message) in new[] { (new ConceptEmbedding("0000", [1, 2, 3]), "another text encoder"), (new(hash, [1, 2]), "3 finite numbers"), (new(hash, [1, 2, float.NaN]), "finite") })
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => _detector.WithVocabulary([new("gizmo") { Embedding = embedding }])).Message, StringComparison.Ordinal);
    }
}
