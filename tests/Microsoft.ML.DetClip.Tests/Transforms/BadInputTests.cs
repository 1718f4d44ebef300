using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Tests;

public sealed class BadInputTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_bad_options_are_named_at_once()
    {
        var options = new OpenVocabularyDetectionEstimator.Options
        {
            ImageColumnName = " ",
            ScoreThreshold = 1.5f,
            IouThreshold = double.NaN,
            MaxDetections = 0,
            MaxRegions = -3,
            BatchSize = 257,
            DetectionsColumnName = "Score",
            RegionsColumnName = " ",
            NmsKind = (NmsKind)9,
            NmsScope = (NmsScope)8,
            SoftNmsSigma = 0,
            MinSize = -1,
            Tiles = new() { Size = 5, Overlap = 0.6 },
        };

        var thrown = Assert.Throws<ArgumentException>(() => _mlContext.Transforms.DetectOpenVocabulary(ToyDetector.Model, options));

        Assert.Equal("ImageColumnName is ' ', allowed: a name that is not blank; RegionsColumnName is ' ', allowed: null or a name that is not blank; " +
            "the list of added columns is 'PredictedLabel, Score, PredictedBoundingBoxes, Score,  ', allowed: different names; ScoreThreshold is 1.5, allowed: 0 to 1; " +
            "IouThreshold is NaN, allowed: 0 to 1; NmsKind is 9, allowed: Hard, SoftLinear, SoftGaussian; NmsScope is 8, allowed: Class, Group, All; " +
            "SoftNmsSigma is 0, allowed: a positive number; MinSize is -1, allowed: 0 or more; Tiles.Size is 5, allowed: 16 or more; Tiles.Overlap is 0.6, allowed: 0 to 0.5; MaxDetections is 0, allowed: 1 or more; MaxRegions is -3, allowed: 1 or more; BatchSize is 257, allowed: 1 to 256, or 0 for a choice by memory.", thrown.Message);
    }

    [Fact]
    public void Labels_are_needed_unless_something_else_is_asked_for()
    {
        var thrown = Assert.Throws<ArgumentException>(() => _mlContext.Transforms.DetectOpenVocabulary(ToyDetector.Model, new OpenVocabularyDetectionEstimator.Options()));

        Assert.Equal("Labels is empty: name at least one class, or give LabelsColumnName.", thrown.Message);
    }

    [Fact]
    public void Tiles_are_given_by_a_size_or_by_columns_and_rows()
    {
        foreach (var tiles in (TileOptions[])[new(), new() { Size = 64, Rows = 2 }, new() { Columns = 2 }, new() { Columns = 0, Rows = 2 }])
            Assert.Contains("Tiles.", Assert.Throws<ArgumentException>(() =>
                _mlContext.Transforms.DetectOpenVocabulary(ToyDetector.Model, Toy.Options with { Tiles = tiles })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_are_what_the_documentation_says()
    {
        var options = new OpenVocabularyDetectionEstimator.Options();

        Assert.Equal(("Image", "PredictedLabel", "Score", "PredictedBoundingBoxes", "Detections"),
            (options.ImageColumnName, options.PredictedLabelColumnName, options.ScoreColumnName, options.BoundingBoxColumnName, options.DetectionsColumnName));
        Assert.Equal((0.05f, 0.6, 100, 1000, 8), (options.ScoreThreshold, options.IouThreshold, options.MaxDetections, options.MaxRegions, options.BatchSize));
        Assert.Empty(options.Labels);
        Assert.Equal((null, null, null), (options.LabelsColumnName, options.LabelCulture, options.EmbeddingCacheFolder));
    }

    [Theory]
    [InlineData("Labels is empty")]
    [InlineData("Labels has no name at 1, 3", "a", "", "b", " ")]
    [InlineData("Labels names a class more than once: 'Mug' at 0, 2; 'cup' at 1, 3", "Mug", "cup", " mug ", "cup")]
    public void Bad_labels_are_named(string message, params string[] labels)
    {
        var data = _mlContext.Data.LoadFromEnumerable([new PathRow()]);
        using var detector = _mlContext.Fit(Toy.Options, data);

        var atFirst = Assert.Throws<ArgumentException>(() => _mlContext.Fit(new() { Labels = [.. labels] }, data));
        var later = Assert.Throws<ArgumentException>(() => detector.WithVocabulary([.. labels]));

        Assert.Contains(message, atFirst.Message, StringComparison.Ordinal);
        Assert.Equal(atFirst.Message, later.Message);
    }

    [Fact]
    public void Blank_names_are_named_where_null_is_allowed()
    {
        var options = Toy.Options with { LabelsColumnName = "", LabelCulture = " ", EmbeddingCacheFolder = "" };

        var thrown = Assert.Throws<ArgumentException>(() => _mlContext.Transforms.DetectOpenVocabulary(ToyDetector.Model, options));

        Assert.Equal("LabelsColumnName is blank, allowed: null or a name; LabelCulture is ' ', allowed: null or the name of a culture; " +
            "EmbeddingCacheFolder is '', allowed: null or a path.", thrown.Message);
    }

    [Fact]
    public void Bad_labels_of_a_row_name_the_row()
    {
        var image = ToyImage.WithRed(50, 50, new(10, 10, 30, 30)).Save(_folder);
        var data = _mlContext.Data.LoadFromEnumerable([new LabelledRow { Image = image, Classes = ["red"] }, new LabelledRow { Image = image, Classes = ["red", "RED"] }]);
        using var detector = _mlContext.Fit(new() { LabelsColumnName = "Classes" }, data);

        var thrown = Assert.Throws<InvalidDataException>(() => _mlContext.Rows(detector.Transform(data)));

        Assert.Equal("column 'Classes', row 1: The list names a class more than once: 'red' at 0, 1.", thrown.Message);
    }

    [Theory]
    [InlineData("missing", typeof(FileNotFoundException))]
    [InlineData("empty", typeof(ImageDecodingException))]
    [InlineData("text", typeof(ImageDecodingException))]
    [InlineData("cut", typeof(ImageDecodingException))]
    public void A_file_that_is_no_image_is_named(string kind, Type exception)
    {
        var path = _folder.PathOf("image.png");
        var png = ToyImage.WithRed(300, 200, new(10, 10, 200, 150)).ToPng();
        if (kind != "missing") File.WriteAllBytes(path, kind switch { "empty" => [], "text" => "hello"u8.ToArray(), _ => png[..(png.Length / 2)] });
        var data = _mlContext.Data.LoadFromEnumerable([new PathRow { Image = path }]);
        using var detector = _mlContext.Fit(Toy.Options, data);

        var byBatch = Assert.Throws(exception, () => _mlContext.Rows(detector.Transform(data)));
        using var engine = _mlContext.Model.CreatePredictionEngine<PathRow, FoundRow>(detector, new PredictionEngineOptions { OwnsTransformer = false });
        var byEngine = Assert.Throws(exception, () => engine.Predict(new() { Image = path }));

        Assert.Contains(path, byBatch.Message, StringComparison.Ordinal);
        Assert.Equal(byBatch.Message, byEngine.Message);
    }

    [Fact]
    public void Bytes_that_are_no_image_name_their_row()
    {
        var data = _mlContext.Data.LoadFromEnumerable([new BytesRow { Image = ToyImage.WithRed(50, 50, new(10, 10, 30, 30)).ToPng() }, new BytesRow()]);
        using var detector = _mlContext.Fit(Toy.Options, data);

        var thrown = Assert.Throws<ImageDecodingException>(() => _mlContext.Rows(detector.Transform(data)));

        Assert.Contains("column 'Image', row 1", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_without_a_path_is_named()
    {
        var data = _mlContext.Data.LoadFromEnumerable([new PathRow()]);
        using var detector = _mlContext.Fit(Toy.Options, data);

        var thrown = Assert.Throws<InvalidDataException>(() => _mlContext.Rows(detector.Transform(data)));

        Assert.Equal("There is no path in column 'Image', row 0.", thrown.Message);
    }

    [Fact]
    public void A_missing_or_wrong_column_is_named_alone_and_in_a_chain()
    {
        var data = _mlContext.Data.LoadFromEnumerable([new PathRow()]);
        var missing = _mlContext.Transforms.DetectOpenVocabulary(ToyDetector.Model, Toy.Options with { ImageColumnName = "Picture" });
        var wrong = _mlContext.Transforms.DetectOpenVocabulary(ToyDetector.Model, Toy.Options with { ImageColumnName = "Id" });
        using var detector = _mlContext.Fit(Toy.Options, data);
        var other = _mlContext.Data.LoadFromEnumerable([new { Id = 1 }]);

        foreach (var fit in (Action[])[() => missing.Fit(data), () => new EstimatorChain<ITransformer>().Append(missing).Fit(data)])
            Assert.StartsWith("The input has no column 'Picture'; it must hold an image, a path (text), or an encoded image (vector of Byte).", Assert.Throws<ArgumentException>(fit).Message, StringComparison.Ordinal);
        foreach (var fit in (Action[])[() => wrong.Fit(data), () => new EstimatorChain<ITransformer>().Append(wrong).Fit(data)])
            Assert.StartsWith("Column 'Id' is of type Int32; it must hold an image", Assert.Throws<ArgumentException>(fit).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => detector.Transform(other));
        Assert.Throws<ArgumentException>(() => detector.GetOutputSchema(other.Schema));
    }

    [Fact]
    public void A_column_that_was_not_asked_for_or_has_another_type_is_named()
    {
        var data = _mlContext.Data.LoadFromEnumerable([new PathRow()]);
        using var detector = _mlContext.Fit(Toy.Options, data);
        var found = detector.Transform(data);
        using var cursor = found.GetRowCursor([found.Schema["Score"]]);

        Assert.Contains("'PredictedLabel'", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(found.Schema["PredictedLabel"])).Message, StringComparison.Ordinal);
        Assert.Contains("'Score'", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(found.Schema["Score"])).Message, StringComparison.Ordinal);
    }
}
