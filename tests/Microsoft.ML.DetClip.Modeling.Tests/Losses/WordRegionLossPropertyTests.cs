using Microsoft.ML.DetClip.Testing;
using static Microsoft.ML.DetClip.Modeling.Tests.PairScene;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>What must hold of the pair loss by every choice.</summary>
public class WordRegionLossPropertyTests
{
    [Theory]
    [MemberData(nameof(PairScene.Choices), MemberType = typeof(PairScene))]
    public void The_order_of_the_pairs_does_not_matter(WordRegionLossOptions options)
    {
        using var scope = NewDisposeScope();
        var (scene, loss) = (new PairScene(4), new WordRegionLoss(options));
        var order = Scene.Indices([2, 0, 3, 1]);

        var expected = loss.Compute(scene.Embeddings, scene.Valid, scene.PairTexts).Contrast;
        var moved = loss.Compute(scene.Embeddings[order], scene.Valid[order], scene.PairTexts with { Members = scene.Members[order] }).Contrast;
        var mixed = loss.Compute(scene.Embeddings[order], scene.Valid[order], scene.PairTexts).Contrast;

        TensorAssert.Close(expected, moved, absolute: 1e-12);
        Assert.True((mixed - expected).abs().item<double>() > 1e-6, "other texts than the images' own must change the loss");
    }

    [Theory]
    [MemberData(nameof(PairScene.Choices), MemberType = typeof(PairScene))]
    public void The_order_of_regions_and_phrases_and_concepts_does_not_matter(WordRegionLossOptions options)
    {
        using var scope = NewDisposeScope();
        var (scene, loss) = (new PairScene(5), new WordRegionLoss(options));
        var (regions, concepts) = (Scene.Indices([4, 2, 0, 3, 1]), Scene.Indices([3, 5, 0, 2, 4, 1]));
        var renamed = Scene.Indices([2, 5, 3, 0, 4, 1]); // where each concept went
        var members = scene.Members.clamp(min: 0);
        members = where(scene.Members.ge(0), renamed[members], scene.Members).flip(1);

        var (embeddings, valid) = (scene.Embeddings.index_select(1, regions), scene.Valid.index_select(1, regions));
        var moved = loss.Compute(embeddings, valid, new(scene.ConceptEmbeddings[concepts], members));

        TensorAssert.Close(loss.Compute(scene.Embeddings, scene.Valid, scene.PairTexts).Contrast, moved.Contrast, absolute: 1e-12);
    }

    [Theory]
    [MemberData(nameof(PairScene.Choices), MemberType = typeof(PairScene))]
    public void Padding_changes_nothing(WordRegionLossOptions options)
    {
        using var scope = NewDisposeScope();
        var scene = new PairScene(6);
        var padded = Contrast(options, cat([scene.Embeddings, randn(4, 2, 3, float64)], 1), cat([scene.Valid, zeros(4, 2, @bool)], 1),
            new(cat([scene.ConceptEmbeddings, 5 * randn(1, 3, float64)], 0), cat([scene.Members, full([4, 1], -1L)], 1)));

        TensorAssert.Close(Contrast(options, scene), padded, absolute: 1e-12);
    }

    [Theory]
    [MemberData(nameof(PairScene.Choices), MemberType = typeof(PairScene))]
    public void The_loss_is_lower_where_a_caption_fits_its_own_image_better(WordRegionLossOptions options)
    {
        using var scope = NewDisposeScope();
        // Text i is a unit vector of its own; image i shows it as strongly as given, among regions that fit no text.
        Tensor Loss(double strength)
        {
            var regions = zeros(4, 3, 4, float64);
            for (var i = 0; i < 4; i++) regions[i, 1, i] = strength;
            return Contrast(options, regions, ones(4, 3, @bool), new(eye(4, 4, float64), arange(4).unsqueeze(1)));
        }

        Assert.Equal(Math.Log(4), Loss(0).item<double>(), 1e-12);
        Assert.True(Loss(1).item<double>() < Loss(0.5).item<double>());
        Assert.True(Loss(0.5).item<double>() < Loss(0).item<double>());
    }

    [Fact]
    public void One_to_many_becomes_one_to_one_as_its_temperature_falls()
    {
        using var scope = NewDisposeScope();
        var scene = new PairScene(8);
        var many = new WordRegionLossOptions { Matching = WordRegionMatching.OneToMany };
        double Distance(double temperature) => (Contrast(many with { MatchingTemperature = temperature }, scene) - Contrast(new(), scene)).abs().item<double>();

        Assert.True(Distance(1) > 1e-3);
        Assert.Equal(0, Distance(1e-4), 1e-12);
    }

    [Fact]
    public void Both_directions_are_the_mean_of_the_two()
    {
        using var scope = NewDisposeScope();
        var scene = new PairScene(9);
        double Of(ContrastDirection direction) => Contrast(new() { Direction = direction }, scene).item<double>();

        Assert.Equal((Of(ContrastDirection.TextToImage) + Of(ContrastDirection.ImageToText)) / 2, Of(ContrastDirection.Both), 1e-12);
    }
}
