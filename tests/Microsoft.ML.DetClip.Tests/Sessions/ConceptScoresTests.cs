namespace Microsoft.ML.DetClip.Tests;

public class ConceptScoresTests
{
    [Fact]
    public void Concepts_of_one_phrase_have_the_scores_of_the_graph_themselves()
    {
        float[] scores = [0.1f, 0.9f, float.NaN, 0];

        var combined = ConceptScores.Combine(new(["a", "b"]), scores, 0.5f, []);

        Assert.True(combined == scores);
    }

    [Fact]
    public void The_best_phrase_counts()
    {
        Concept sofa = new("sofa") { Synonyms = ["couch", "settee"] };

        Assert.Equal([0.4f, 0.3f, 0.7f, 0], Combine(["x", sofa], 0.05f, [("x", 0.4f), ("sofa", 0.1f), ("couch", 0.3f)], [("x", 0.7f)]));
    }

    [Theory]
    [InlineData(0.5f, 0.4f, 0.5f)]
    [InlineData(0.5f, 0.5f, 0.5f)] // not higher
    [InlineData(0.5f, 0.6f, 0)]
    public void A_higher_negative_hides(float car, float toyCar, float score) =>
        Assert.Equal([score], Combine([new("car") { Negatives = ["toy car"] }], 0, [("car", car), ("toy car", toyCar)]));

    [Fact]
    public void A_negative_that_is_a_concept_is_all_of_its_phrases()
    {
        Concept[] concepts = [new("car") { Negatives = ["Model"] }, new("model", "a small one") { Synonyms = ["toy"], Negatives = ["car"] }];

        Assert.Equal([0, 0.6f, 0.5f, 0], Combine(concepts, 0, [("car", 0.5f), ("toy, a small one", 0.6f)], [("car", 0.5f), ("toy, a small one", 0.4f)]));
    }

    [Fact]
    public void A_threshold_of_its_own_goes_before_the_common_one()
    {
        Concept[] concepts = ["a", new("b") { Threshold = 0.1f }, new("c") { Threshold = 0.6f }];

        Assert.Equal([0, 0.2f, 0], Combine(concepts, 0.5f, [("a", 0.2f), ("b", 0.2f), ("c", 0.55f)]));
        Assert.Equal([0, 0, 0], Combine(concepts, 0.5f, [("a", 0.5f), ("b", 0.1f), ("c", 0.6f)]));
        Assert.Equal(0.1f, ConceptScores.LowestThreshold(new(concepts), 0.5f));
        Assert.Equal(0.5f, ConceptScores.LowestThreshold(new(["a"]), 0.5f));
    }

    [Theory]
    [InlineData(0.1f, 0.2f, 0.8f, 0, 0, 0.8f)]        // sure of the poodle: that says all
    [InlineData(0.1f, 0.6f, 0.4f, 0, 0.6f, 0)]        // sure of the dog, not of its breed
    [InlineData(0.35f, 0.2f, 0.1f, 0.35f, 0, 0)]      // an animal is easier to get
    [InlineData(0.1f, 0.45f, 0.2f, 0.45f, 0, 0)]      // not quite a dog, so an animal
    [InlineData(0.1f, 0.2f, 0.4f, 0.4f, 0, 0)]        // not quite a poodle: two steps up
    [InlineData(0.9f, 0.2f, 0.8f, 0, 0, 0.8f)]
    [InlineData(0.3f, 0.2f, 0.1f, 0, 0, 0)]
    public void A_child_that_is_unsure_speaks_for_its_parent(float animal, float dog, float poodle, float animalScore, float dogScore, float poodleScore)
    {
        Concept[] concepts = [new("animal") { Threshold = 0.3f }, new("dog") { Parent = "Animal" }, new("poodle") { Parent = "dog" }];

        Assert.Equal([animalScore, dogScore, poodleScore], Combine(concepts, 0.5f, [("animal", animal), ("dog", dog), ("poodle", poodle)]));
    }

    [Fact]
    public void A_general_box_goes_where_a_special_one_is()
    {
        var plan = new PhrasePlan(["animal", new("dog") { Parent = "animal" }, new("cat") { Parent = "animal" }, "car"]);
        Box[] boxes = [new(0, 0, 10, 10), new(0, 0, 10, 9), new(50, 0, 60, 10)];
        RegionConcept[] selected = [new(0, 0, 0.9f), new(0, 3, 0.8f), new(1, 1, 0.7f), new(1, 2, 0.6f), new(2, 0, 0.5f)];

        Assert.Equal([selected[1], selected[2], selected[3], selected[4]], ConceptScores.MostSpecial(plan, boxes, selected, 0.6));
        Assert.Equal(selected, ConceptScores.MostSpecial(plan, boxes, selected, 0.9));
        Assert.Same(selected, ConceptScores.MostSpecial(new(["animal", "dog", "cat", "car"]), boxes, selected, 0.6));
    }

    [Fact]
    public void A_concept_without_relatives_has_the_same_score_whatever_else_is_asked()
    {
        var random = new Random(5);
        for (var round = 0; round < 50; round++)
        {
            Concept[] others =
            [
                new("animal") { Threshold = 0.3f }, new("dog") { Parent = "animal", Negatives = ["mug"] }, new("sofa") { Synonyms = ["couch"], Combination = (PhraseCombination)(round % 2) },
            ];
            Concept[] concepts = [.. others.Append("mug").OrderBy(_ => random.Next())];
            var score = random.NextSingle();
            var scores = new[] { "animal", "dog", "sofa", "couch" }.Select(phrase => (phrase, random.NextSingle())).Append(("mug", score)).ToArray();

            Assert.Equal(score, Combine(concepts, 0, scores)[Array.IndexOf(concepts, "mug")]);
        }
    }

    [Fact]
    public void Phrases_that_concepts_share_are_asked_once()
    {
        var plan = new PhrasePlan([new("sofa") { Synonyms = ["couch", "sofa"] }, new("bed") { Negatives = ["couch", "sofa"] }, new("bench") { Negatives = ["bed", "desk"] }]);

        Assert.Equal(["sofa", "couch", "bed", "bench", "desk"], plan.Sentences);
        Assert.Equal(5, plan.PhraseCount);
        Assert.False(plan.IsPlain);
    }

    [Fact]
    public void A_mean_has_the_direction_of_the_mean_and_the_length_of_its_phrases()
    {
        var plan = new PhrasePlan(["x", new("a") { Synonyms = ["b"], Combination = PhraseCombination.MeanEmbedding }]);

        var vocabulary = new EncodedVocabulary(plan, [1, 1, 3, 0, 0, 1]); // x, a, b

        Assert.Equal(2, plan.PhraseCount);
        Assert.Equal([1, 1], vocabulary.Embeddings[..2]);
        Assert.Equal(2, MathF.Sqrt(vocabulary.Embeddings[2] * vocabulary.Embeddings[2] + vocabulary.Embeddings[3] * vocabulary.Embeddings[3]), 1e-6f);
        Assert.Equal(3, vocabulary.Embeddings[2] / vocabulary.Embeddings[3], 1e-5f);
    }

    [Fact]
    public void Without_relatives_the_embeddings_are_those_of_the_sentences()
    {
        float[] sentences = [1, 2, 3, 4];

        Assert.Same(sentences, new EncodedVocabulary(new(["a", "b"]), sentences).Embeddings);
    }

    // Scores of phrases by what the text encoder reads, region by region; what is not named is 0.
    private static float[] Combine(Concept[] concepts, float threshold, params (string Sentence, float Score)[][] regions)
    {
        var plan = new PhrasePlan(concepts);
        var phrases = regions.SelectMany(region => plan.SentencesOfPhrases.Select(s => region.FirstOrDefault(p => p.Sentence == plan.Sentences[s[0]]).Score)).ToArray();
        return ConceptScores.Combine(plan, phrases, threshold, new float[regions.Length * concepts.Length]).ToArray();
    }
}
