namespace Microsoft.ML.DetClip.Training.Tests;

public class ConceptSamplerTests
{
    private static readonly Concept[] Vocabulary = [.. Enumerable.Range(0, 40).Select(i => new Concept($"thing {i}"))];
    private static readonly Concept[] Shown = [Vocabulary[3], Vocabulary[7], Vocabulary[3]];

    [Theory]
    [InlineData(1, 2)]   // fewer than shown: all shown stay
    [InlineData(5, 5)]
    [InlineData(30, 30)] // most of the vocabulary
    [InlineData(40, 40)]
    [InlineData(150, 40)]
    public void An_image_is_asked_what_it_shows_and_random_others_each_once(int perImage, int expected)
    {
        var chosen = new ConceptSampler(Vocabulary, perImage).Choose(Shown, new Random(1));

        Assert.Equal(expected, chosen.Count);
        Assert.Equal(expected, chosen.Distinct().Count());
        Assert.Equal([Vocabulary[3], Vocabulary[7]], chosen.Take(2));
        Assert.Subset(Vocabulary.ToHashSet(), chosen.ToHashSet());
    }

    [Fact]
    public void Every_concept_is_a_negative_now_and_then()
    {
        var sampler = new ConceptSampler(Vocabulary, perImage: 5);
        var random = new Random(1);

        var asked = Enumerable.Range(0, 200).SelectMany(_ => sampler.Choose(Shown, random)).ToHashSet();

        Assert.Equal(Vocabulary.Length, asked.Count);
    }

    [Fact]
    public void What_may_be_there_is_not_asked_even_where_nothing_else_is_left()
    {
        var sampler = new ConceptSampler(Vocabulary, perImage: 30);

        var chosen = sampler.Choose([Vocabulary[0]], new Random(1), isAbsent: c => c.Name.EndsWith('5'));

        Assert.Equal(["thing 0", "thing 15", "thing 25", "thing 35", "thing 5"], chosen.Select(c => c.Name).Order());
    }

    [Fact]
    public void Concepts_that_the_text_encoder_cannot_tell_apart_are_one()
    {
        var chosen = new ConceptSampler(["Thing  1", "thing 2"], perImage: 5).Choose(["thing 1", "THING 1"], new Random(1));

        Assert.Equal(["thing 1", "thing 2"], chosen.Select(c => c.Name));
    }
}
