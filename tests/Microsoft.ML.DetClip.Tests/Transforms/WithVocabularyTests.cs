using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Tests;

public sealed class WithVocabularyTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly IDataView _data;

    public WithVocabularyTests() => _data = _mlContext.Data.LoadFromEnumerable(
        [new PathRow { Image = new ToyImage(120, 100, (ToyImage.Red, new(10, 20, 60, 80)), (ToyImage.Green, new(70, 30, 110, 90))).Save(_folder) }]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_new_labels_are_looked_for_and_the_old_detector_keeps_its_own()
    {
        using var old = _mlContext.Fit(Toy.Options with { Labels = ["red"] }, _data);
        using var other = old.WithVocabulary(["green"]);

        Assert.Equal(["green"], Labels(other));
        Assert.Equal(["red"], Labels(old));
        Assert.Equal(["green"], other.Options.Labels.Select(l => l.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Either_may_be_disposed_first(bool oldFirst)
    {
        var old = _mlContext.Fit(Toy.Options with { Labels = ["red"] }, _data);
        var other = old.WithVocabulary(["green"]);
        var (first, second, label) = oldFirst ? (old, other, "green") : (other, old, "red");

        first.Dispose();
        first.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Labels(first));
        Assert.Throws<ObjectDisposedException>(() => first.WithVocabulary(["blue"]));
        Assert.Equal([label], Labels(second));
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Labels(second));
    }

    [Fact]
    public void A_prediction_engine_that_owns_its_detector_disposes_that_one_only()
    {
        using var old = _mlContext.Fit(Toy.Options with { Labels = ["red"] }, _data);
        var other = old.WithVocabulary(["green"]);

        using (var engine = _mlContext.Model.CreatePredictionEngine<PathRow, FoundRow>(other))
            Assert.Equal(["green"], engine.Predict(_mlContext.Data.CreateEnumerable<PathRow>(_data, false).Single()).PredictedLabel);

        Assert.Throws<ObjectDisposedException>(() => Labels(other));
        Assert.Equal(["red"], Labels(old));
    }

    [Fact]
    public void A_refused_vocabulary_leaves_no_share_behind()
    {
        var detector = _mlContext.Fit(Toy.Options, _data);
        var session = detector.OpenSession();

        Assert.Throws<ArgumentException>(() => detector.WithVocabulary([]));
        detector.Dispose();
        session.Dispose();

        Assert.Throws<ObjectDisposedException>(() => session.Another(GetType()));
    }

    [Fact]
    public void In_a_chain_the_detector_is_replaced_and_the_rest_stays()
    {
        var pipeline = _mlContext.Transforms.CopyColumns("Photo", "Image")
            .Append(_mlContext.Transforms.DetectOpenVocabulary(ToyDetector.Model, Toy.Options with { ImageColumnName = "Photo" }))
            .Append(_mlContext.Transforms.CopyColumns("Names", "PredictedLabel"));
        using var chain = pipeline.Fit(_data);

        var other = chain.WithVocabulary(["green"]);

        Assert.Equal([["green"]], other.Transform(_data).GetColumn<string[]>("Names"));
        Assert.Equal(["green", "red"], chain.Transform(_data).GetColumn<string[]>("Names").Single().Order());
        ((IDisposable)other).Dispose();
    }

    [Fact]
    public void A_model_without_a_detector_is_refused()
    {
        var model = _mlContext.Transforms.CopyColumns("Photo", "Image").Fit(_data);

        Assert.Contains("no open-vocabulary detector", Assert.Throws<ArgumentException>(() => model.WithVocabulary(["green"])).Message, StringComparison.Ordinal);
    }

    private string[] Labels(ITransformer detector) => Assert.Single(_mlContext.Rows(detector.Transform(_data))).PredictedLabel;
}
