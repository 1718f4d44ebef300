using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training.Tests;

public sealed class TrainingValidationTests : IDisposable
{
    private readonly DetClipNetwork _network = DetClipNetwork.Create(Tiny.Network, seed: 1);

    public void Dispose() => _network.Dispose();

    [Fact]
    public void What_cannot_be_read_is_told_of_once_and_not_measured()
    {
        var warnings = new List<string>();
        TrainingSample broken = new() { Image = new("broken", new byte[] { 1, 2, 3 }), Boxes = [new(0, 0, 9, 9)], Concepts = [new("red circle")] };
        var (whole, holed) = (Validation(Tiny.Samples(3), warnings.Add), Validation([.. Tiny.Samples(3), broken], warnings.Add));

        var expected = whole.Measure(_network);
        var (first, second) = (holed.Measure(_network), holed.Measure(_network));

        Assert.Equal([expected.AP, expected.AR100], [first.AP, first.AR100]);
        Assert.Equal(first.ToString(), second.ToString());
        Assert.Contains("broken", Assert.Single(warnings));
    }

    [Fact]
    public void Without_any_image_there_is_no_number()
    {
        var validation = Validation([new() { Image = new("broken", new byte[] { 1, 2, 3 }), Boxes = [], Concepts = [] }], _ => { });

        Assert.Contains("None of the 1 images", Assert.Throws<InvalidDataException>(() => validation.Measure(_network)).Message);
    }

    [Fact]
    public void Crowds_need_not_be_found()
    {
        var scenes = Tiny.Samples(2);
        TrainingSample[] crowds = [.. scenes.Select(scene => scene.WithCrowds([.. scene.Boxes.Select(_ => true)]))];

        Assert.NotEqual(-1, Validation(scenes).Measure(_network).AR100);
        Assert.Equal(-1, Validation(crowds).Measure(_network).AR100); // as COCO has it where nothing is to be found
    }

    private static TrainingValidation Validation(IReadOnlyList<TrainingSample> samples, Action<string>? warn = null) => new(
        samples, [.. Tiny.Samples(3).SelectMany(sample => sample.Concepts).Distinct()], new SentenceTokens(Tiny.Tokenizer, Tiny.Network.Text.Length), shortSide: 64, longSide: 64)
    { Warn = warn };
}
