namespace Microsoft.ML.DetClip.Training.Tests;

public class SampleTextsTests
{
    private static readonly TrainingSample Detection = Sample(SampleKind.Detection, null, new Concept("cup", "a vessel"), "bass");
    private static readonly TrainingSample Grounding = Sample(SampleKind.Grounding, "A dog on a hill", "a dog", "A  Dog", "a hill");
    private static readonly TrainingSample Pair = Sample(SampleKind.Pairs, "Two cats", "cats");

    [Fact]
    public void A_detector_looks_for_categories_and_without_any_for_phrases()
    {
        Assert.Equal([new("cup", "a vessel"), new("bass")], SampleTexts.Labels([Pair, Grounding, Detection]));
        Assert.Equal(["a dog", "a hill"], SampleTexts.Labels([Pair, Grounding]).Select(l => l.Name));
        Assert.Equal(["cats"], SampleTexts.Labels([Pair]).Select(l => l.Name));
        Assert.Throws<InvalidDataException>(() => SampleTexts.Labels([Pair with { Concepts = [] }]));
        Assert.Contains("'Cup'", Assert.Throws<InvalidDataException>(() => SampleTexts.Labels([Detection with { Concepts = ["Cup", "cup"] }])).Message);
    }

    [Fact]
    public void A_tokenizer_learns_from_labels_captions_and_phrases() => Assert.Equal(
        ["cup, a vessel", "bass", "A dog on a hill", "a dog", "A  Dog", "a hill", "Two cats", "cats"],
        SampleTexts.All([Detection, Grounding, Pair], SampleTexts.Labels([Detection])));

    [Fact]
    public void Only_detection_data_are_asked_by_their_own_categories_and_the_dictionary_has_no_definitions()
    {
        var pools = new ConceptPools([Detection, Grounding, Pair], new([new("DOG", "a pet"), new("tree", "a plant"), new("Cup")]));

        Assert.Equal([new("cup", "a vessel"), new("bass")], pools.Of(SampleKind.Detection));
        Assert.Equal(["cup", "bass", "a dog", "a hill", "cats", "DOG", "tree"], pools.Of(SampleKind.Grounding).Select(c => c.Sentence));
        Assert.Empty(pools.Of(SampleKind.Pairs));
    }

    private static TrainingSample Sample(SampleKind kind, string? caption, params Concept[] concepts) =>
        new() { Kind = kind, Image = new("a.jpg"), Boxes = [], Concepts = concepts, Caption = caption };
}
