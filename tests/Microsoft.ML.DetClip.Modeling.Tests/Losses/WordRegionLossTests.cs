using Microsoft.ML.DetClip.Testing;
using static Microsoft.ML.DetClip.Modeling.Tests.PairScene;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class WordRegionLossTests
{
    /// <summary>Similarities of one image and its regions with the six concepts of a scene, by direction.</summary>
    private const long OneImage = PairScene.Regions * PairScene.Concepts;
    private const long OneImageFromImage = OneImage + PairScene.Regions * PairScene.Images * 3;

    [Theory]
    [MemberData(nameof(PairScene.Choices), MemberType = typeof(PairScene))]
    public void Loss_is_what_the_formulas_say_written_out(WordRegionLossOptions options)
    {
        using var scope = NewDisposeScope();
        var scene = new PairScene(1);

        var parts = new WordRegionLoss(options).Compute(scene.Embeddings, scene.Valid, scene.PairTexts);

        var expected = PlainWordRegion.Loss(scene.RegionLists, scene.TextLists, options);
        Assert.Equal(expected, parts.Contrast.item<double>(), 1e-9);
        Assert.Equal(0.1 * expected, parts.Total.item<double>(), 1e-9);
    }

    [Theory]
    [MemberData(nameof(PairScene.Choices), MemberType = typeof(PairScene))]
    public void In_blocks_it_is_the_plain_loss_in_value_and_gradients(WordRegionLossOptions options)
    {
        using var scope = NewDisposeScope();
        var scene = new PairScene(2);
        var image = options.Direction == ContrastDirection.TextToImage ? OneImage : OneImageFromImage;
        var expected = FiniteDifferences.Gradients(x => Contrast(options, scene, x), scene.Embeddings, scene.ConceptEmbeddings);
        foreach (var images in new[] { 1, 3 }) // 3: the last block has one
        {
            var blocks = options with { BlockElements = images * image };
            TensorAssert.Close(Contrast(options, scene), Contrast(blocks, scene), absolute: 1e-12);
            var actual = FiniteDifferences.Gradients(x => Contrast(blocks, scene, x), scene.Embeddings, scene.ConceptEmbeddings);
            foreach (var (want, got) in expected.Zip(actual)) TensorAssert.Close(want, got, absolute: 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(PairScene.Choices), MemberType = typeof(PairScene))]
    public void Gradients_are_those_of_finite_differences(WordRegionLossOptions options)
    {
        using var scope = NewDisposeScope();
        var scene = new PairScene(3);
        options = options with { BlockElements = OneImage };

        FiniteDifferences.AgreeWithGradients(x => Contrast(options, scene, x), scene.Embeddings, scene.ConceptEmbeddings);
    }

    [Fact]
    public void Two_images_and_two_texts_by_hand()
    {
        using var scope = NewDisposeScope();
        // Image 0 has regions (1, 0) and (0, 1), image 1 has (1, 1) and no second one. Text 0 is (2, 0) and (0, 1), text 1 is (0, 3).
        var regions = tensor(new double[] { 1, 0, 0, 1, 1, 1, 9, 9 }).view(2, 2, 2);
        var valid = tensor(new[] { true, true, true, false }).view(2, 2);
        var texts = new PairTexts(tensor(new double[] { 2, 0, 0, 1, 0, 3 }).view(3, 2), Scene.Indices([0, 1, 2, -1]).view(2, 2));
        // Scores: text 0 has (2 + 1) / 2 = 1.5 in both images, text 1 has 3 in both: nothing can be told apart.
        var parts = new WordRegionLoss(new()).Compute(regions, valid, texts);
        Assert.Equal(Math.Log(2), parts.Contrast.item<double>(), 1e-12);

        // Without (0, 1), image 0 scores (2 + 0) / 2 = 1 with text 0 and 0 with text 1; image 1 as before 1.5 and 3. Over τ = 0.5: 2 and 3, 0 and 6.
        parts = new WordRegionLoss(new()).Compute(regions, tensor(new[] { true, false, true, false }).view(2, 2), texts);
        static double Smoothed(double right, double wrong) => Math.Log(Math.Exp(right) + Math.Exp(wrong)) - 0.95 * right - 0.05 * wrong;
        Assert.Equal((Smoothed(2, 3) + Smoothed(6, 0)) / 2, parts.Contrast.item<double>(), 1e-12);
        Assert.Equal(0.5, parts.Accuracy.item<float>());
    }

    [Theory]
    [MemberData(nameof(PairScene.Choices), MemberType = typeof(PairScene))]
    public void Two_processes_together_have_the_loss_and_gradients_of_one(WordRegionLossOptions options)
    {
        using var scope = NewDisposeScope();
        var scene = new PairScene(7);
        options = options with { BlockElements = OneImage };
        var whole = FiniteDifferences.Gradients(x => Contrast(options, scene, x), scene.Embeddings, scene.ConceptEmbeddings);
        var scores = new WordRegionScores(options).Compute(scene.Embeddings, scene.Valid, scene.PairTexts);

        var ofConcepts = zeros_like(scene.ConceptEmbeddings);
        foreach (var (first, count) in new[] { (0L, 3L), (3L, 1L) })
        {
            Tensor Gather(Tensor own) => cat([scores.narrow(0, 0, first), own, scores.narrow(0, first + count, 4 - first - count)], 0);
            Tensor Share(Tensor[] x) => Contrast(options, x[0], scene.Valid.narrow(0, first, count), new(x[1], scene.Members, first), Gather);
            var inputs = new[] { scene.Embeddings.narrow(0, first, count), scene.ConceptEmbeddings };
            var gradients = FiniteDifferences.Gradients(Share, inputs);

            TensorAssert.Close(Contrast(options, scene), Share(inputs), absolute: 1e-12);
            TensorAssert.Close(whole[0].narrow(0, first, count), gradients[0], absolute: 1e-12);
            ofConcepts += gradients[1];
        }
        TensorAssert.Close(whole[1], ofConcepts, absolute: 1e-12);
    }

    [Fact]
    public void The_largest_box_of_an_image_meets_the_caption_of_a_text_alone()
    {
        using var scope = NewDisposeScope();
        var scene = new PairScene(14);
        // Four locations of 8 pixels; in image i the box of location i is grown to twice its side. Location 4 does not exist.
        var anchors = TorchOps.Inference.Anchors(zeros(1, 1, 2, 2), 8, 8, 0.5);
        var deltas = zeros(4, 4, 4);
        for (var i = 0; i < 4; i++) deltas[i, i] = tensor(new[] { 0, 0, MathF.Log(2), MathF.Log(2) }) / BoxCoding.SizeStd;
        var output = new HeadOutput<Tensor>(scene.Embeddings.narrow(1, 0, 4), deltas, zeros(4, 4), anchors, [zeros(4, 1, 2, 2)]);

        var loss = new WordRegionLoss(new() { Matching = WordRegionMatching.LargestBox }).Compute(output, scene.PairTexts, new()).Contrast;

        double[][][] regions = [.. Enumerable.Range(0, 4).Select(i => new[] { scene.Embeddings[i, i].data<double>().ToArray() })];
        double[][][] captions = [.. scene.TextLists.Select(text => text[..1])];
        Assert.Equal(PlainWordRegion.Loss(regions, captions, new()), loss.item<double>(), 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1 << 20)]
    public void A_learned_temperature_starts_where_it_is_told_and_gets_its_gradient(long blockElements)
    {
        using var scope = NewDisposeScope();
        var scene = new PairScene(10);
        var loss = MadeInAScope(new() { LearnTemperature = true, Temperature = 0.25, BlockElements = blockElements });
        double At(double temperature) => Contrast(new() { Temperature = temperature }, scene).item<double>();

        var contrast = loss.Compute(scene.Embeddings, scene.Valid, scene.PairTexts).Contrast;
        contrast.backward();

        Assert.Equal(0.25, loss.Temperature, 1e-7);
        Assert.Equal(At(0.25), contrast.item<double>(), 1e-6);
        var (name, parameter) = Assert.Single(loss.named_parameters());
        Assert.Equal("log_temperature", name);
        var slope = (At(0.25 * Math.Exp(1e-5)) - At(0.25 * Math.Exp(-1e-5))) / 2e-5;
        Assert.Equal(slope, parameter.grad!.item<float>(), 1e-4 * Math.Abs(slope));
    }

    [Fact]
    public void A_fixed_temperature_is_no_parameter() => Assert.Empty(new WordRegionLoss(new()).parameters());

    [Fact]
    public void As_many_texts_as_images_are_asked_for()
    {
        using var scope = NewDisposeScope();
        var scene = new PairScene(11);
        var failure = Assert.Throws<ArgumentException>(() => Contrast(new(), scene.Embeddings.narrow(0, 0, 3), scene.Valid.narrow(0, 0, 3), scene.PairTexts));
        Assert.Equal("There are 3 images but 4 texts; each image needs one text, its own, in the same order.", failure.Message);
    }

    [Fact]
    public void An_image_without_proposals_makes_the_loss_no_number()
    {
        using var scope = NewDisposeScope();
        var scene = new PairScene(12);
        Assert.False(double.IsFinite(Contrast(new(), scene.Embeddings, zeros_like(scene.Valid), scene.PairTexts).item<double>()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1 << 20)]
    public void Computing_leaves_no_tensors_behind(long blockElements)
    {
        using var outer = NewDisposeScope();
        var scene = new PairScene(13);
        var loss = new WordRegionLoss(new() { Direction = ContrastDirection.Both, LearnTemperature = true, BlockElements = blockElements });
        LeakAssert.NoTensorsLeftBy(() =>
        {
            using var scope = NewDisposeScope();
            loss.Compute(scene.Embeddings.alias().requires_grad_(), scene.Valid, scene.PairTexts).Total.backward();
            loss.zero_grad();
        });
    }

    // What a layer holds outlives the scope in which the layer was made.
    private static WordRegionLoss MadeInAScope(WordRegionLossOptions options)
    {
        using var scope = NewDisposeScope();
        return new(options);
    }
}
