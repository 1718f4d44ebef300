using System.IO.Compression;

namespace Microsoft.ML.DetClip.Tests;

/// <summary>To the toy, words of one first letter have one colour, and the shorter word has the higher score.</summary>
public sealed class VocabularyInDetectorTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly IDataView _data;
    private readonly string _image;

    public VocabularyInDetectorTests()
    {
        _image = new ToyImage(120, 100, (ToyImage.Red, new(10, 20, 60, 80)), (ToyImage.Green, new(70, 30, 110, 90))).Save(_folder);
        _data = _mlContext.Data.LoadFromEnumerable([new PathRow { Image = _image }]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(PhraseCombination.MaxScore, 0.95f)]
    [InlineData(PhraseCombination.MeanEmbedding, 0.94f)] // of red, 0.95, and rouge, 0.93
    public void What_a_synonym_finds_has_the_label_of_its_concept(PhraseCombination combination, float score)
    {
        var found = Assert.Single(Detect([new("rouge") { Synonyms = ["red"], Combination = combination }]));

        Assert.Equal(("rouge", score), (found.Label, MathF.Round(found.Score, 4)));
    }

    [Fact]
    public void A_negative_hides_what_it_fits_better() =>
        Assert.Equal(["green"], Detect([new("ruby") { Negatives = ["red"] }, new("green") { Negatives = ["grass"] }]).Select(d => d.Label));

    [Fact]
    public void A_threshold_of_its_own_holds_for_a_concept_alone()
    {
        Assert.Equal(["red"], Detect([new("red") { Threshold = 0.94f }, new("green") { Threshold = 0.94f }]).Select(d => d.Label));
        Assert.Equal(["green"], Detect(["red", new("green") { Threshold = 0.1f }], threshold: 0.99f).Select(d => d.Label));
    }

    [Fact]
    public void An_unsure_child_is_shown_as_its_parent_and_a_sure_one_hides_it()
    {
        Concept parent = new("rgb colour"); // 0.89
        Assert.Equal(["rgb colour"], Detect([parent, new("red") { Parent = "rgb colour", Threshold = 0.96f }]).Select(d => d.Label));
        Assert.Equal(0.95f, Detect([parent, new("red") { Parent = "rgb colour", Threshold = 0.96f }])[0].Score, 1e-5f);
        Assert.Equal(["red"], Detect([parent, new("red") { Parent = "rgb colour" }]).Select(d => d.Label));
    }

    [Fact]
    public void A_concept_without_relatives_has_the_same_score_whatever_else_is_asked()
    {
        var alone = Assert.Single(Detect(["red"]));
        var among = Detect([new("g") { Synonyms = ["green"], Negatives = ["blue"] }, new("b") { Parent = "g", Threshold = 0.5f }, "red", new("zebra") { Negatives = ["red"] }]);

        Assert.Equal(alone, Assert.Single(among, d => d.Label == "red"));
    }

    [Fact]
    public void Labels_are_shown_in_the_language_that_is_asked_for()
    {
        Vocabulary vocabulary = [new("red") { Aliases = Words("de", "rot", "feuerrot") }, "green"];

        Assert.Equal(["green", "rot"], Detect(vocabulary, culture: "de-AT").Select(d => d.Label).Order());
        Assert.Equal(Detect(vocabulary).Select(d => d.Score), Detect(vocabulary, culture: "de").Select(d => d.Score));
    }

    [Fact]
    public void The_words_of_a_row_stand_for_known_concepts_and_are_its_labels()
    {
        var data = _mlContext.Data.LoadFromEnumerable(
        [
            new LabelledRow { Image = _image, Classes = ["Verde"] }, new LabelledRow { Image = _image, Classes = ["grass", "red"] }, new LabelledRow { Image = _image, Classes = ["ruby"] },
            new LabelledRow { Image = _image, Classes = ["verde"] },
        ]);
        Vocabulary vocabulary = [new("green") { Synonyms = ["grass"], Aliases = Words("es", "verde"), Parent = "gaudy" }, "gaudy", new("ruby") { Negatives = ["red"] }];
        using var detector = _mlContext.Fit(new() { Labels = vocabulary, LabelsColumnName = "Classes" }, data);

        var found = _mlContext.Rows(detector.Transform(data)).Select(r => r.Detections.ToArray()).ToArray();

        Assert.Equal([["Verde"], ["grass", "red"], [], ["verde"]], found.Select(f => f.Select(d => d.Label).Order().ToArray()));
        Assert.Equal(ToyDetector.Score("green"), found[0][0].Score, 1e-5f);
    }

    [Fact]
    public void Two_words_of_a_row_for_one_concept_name_the_row()
    {
        var data = _mlContext.Data.LoadFromEnumerable([new LabelledRow { Image = _image, Classes = ["verde", "green"] }]);
        using var detector = _mlContext.Fit(new() { Labels = [new("green") { Aliases = Words("es", "verde") }], LabelsColumnName = "Classes" }, data);

        var thrown = Assert.Throws<InvalidDataException>(() => _mlContext.Rows(detector.Transform(data)));

        Assert.Equal("column 'Classes', row 0: The list names a class more than once: 'green' at 0, 1.", thrown.Message);
    }

    [Fact]
    public void A_vocabulary_comes_back_from_a_model_file_with_everything()
    {
        Vocabulary vocabulary =
        [
            "gaudy", new("green", "a hue") { Synonyms = ["grass"], Combination = PhraseCombination.MeanEmbedding, Parent = "gaudy", Threshold = 0.9f, Aliases = Words("de", "grün") },
            new("ruby") { Negatives = ["blue"] },
        ];
        using var detector = _mlContext.Fit(new() { Labels = vocabulary, LabelCulture = "de", EmbeddingCacheFolder = _folder.PathOf("cache") }, _data);

        _mlContext.Model.Save(detector, _data.Schema, _folder.PathOf("model.zip"));
        using var loaded = (OpenVocabularyDetectionTransformer)_mlContext.Model.Load(_folder.PathOf("model.zip"), out _);

        Assert.Equal(vocabulary, new(loaded.Options.Labels));
        Assert.Equal(detector.Options with { EmbeddingCacheFolder = null }, loaded.Options);
        Assert.Equal(Detect(detector), Detect(loaded));
    }

    [Fact]
    public void A_model_file_of_format_1_is_read()
    {
        // As version 0.1.0 wrote it: labels were names and definitions, and there was an embedding for each.
        using var detector = _mlContext.Fit(new() { Labels = ["red", new("green", "a hue"), "blue"] }, _data);
        _mlContext.Model.Save(detector, _data.Schema, _folder.PathOf("model.zip"));
        using (var zip = ZipFile.Open(_folder.PathOf("model.zip"), ZipArchiveMode.Update))
            Replace(zip.Entries.Single(e => e.Name == "transformer.json"), $$"""
                {
                  "Format": 1,
                  "TextEncoderHash": "{{ToyDetector.Manifest.TextEncoderHash}}",
                  "Options": {
                    "ImageColumnName": "Image",
                    "Labels": [ { "Name": "red", "Definition": null }, { "Name": "green", "Definition": "a hue" }, { "Name": "blue", "Definition": null } ],
                    "LabelsColumnName": null, "PredictedLabelColumnName": "PredictedLabel", "ScoreColumnName": "Score", "BoundingBoxColumnName": "PredictedBoundingBoxes",
                    "DetectionsColumnName": "Detections", "ScoreThreshold": 0.05, "IouThreshold": 0.6, "MaxDetections": 100, "MaxRegions": 1000, "BatchSize": 8
                  }
                }
                """);

        using var loaded = (OpenVocabularyDetectionTransformer)_mlContext.Model.Load(_folder.PathOf("model.zip"), out _);

        Assert.Equal(detector.Options, loaded.Options);
        Assert.Equal(Detect(detector), Detect(loaded));
    }

    [Fact]
    public void Warnings_of_a_vocabulary_are_told_once_for_each_detector()
    {
        List<string> log = [];
        _mlContext.Log += (_, e) => { if (e.Kind == Runtime.ChannelMessageKind.Warning) log.Add(e.RawMessage); };
        Concept[] labels = ["traffic light", "light"];

        using var detector = _mlContext.Fit(new() { Labels = labels }, _data);
        _ = Detect(detector);
        _ = Detect(detector);
        Assert.StartsWith("'light' is a part of 'traffic light'", Assert.Single(log), StringComparison.Ordinal);

        using var other = detector.WithVocabulary(labels);
        Assert.Equal(2, log.Count);
        using var many = detector.WithVocabulary([.. Enumerable.Range(0, 300).Select(i => new Concept($"light {i}")), "light"]);
        Assert.Equal(2 + 11, log.Count);
        Assert.Equal("There are more names like these; Vocabulary.Check tells them all.", log[^1]);
    }

    private static Dictionary<string, IReadOnlyList<string>> Words(string culture, params string[] words) => new() { [culture] = words };

    private static void Replace(ZipArchiveEntry entry, string text)
    {
        using var writer = new StreamWriter(entry.Open());
        writer.BaseStream.SetLength(0);
        writer.Write(text);
    }

    private DetectionList Detect(IReadOnlyList<Concept> labels, float threshold = 0.05f, string? culture = null)
    {
        using var detector = _mlContext.Fit(new() { Labels = labels, ScoreThreshold = threshold, LabelCulture = culture }, _data);
        return Detect(detector);
    }

    private DetectionList Detect(OpenVocabularyDetectionTransformer detector) => Assert.Single(_mlContext.Rows(detector.Transform(_data))).Detections;
}
