namespace Microsoft.ML.DetClip.Evaluation.Tests;

public sealed class GroundingTests : IDisposable
{
    private static readonly GroundingBox Hat = new(10, 10, 60, 60), Far = new(500, 500, 600, 600);
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("[/EN#1/people A man] with [/EN#2/clothing/other a red hat] .", "1:people:A man|2:clothing,other:a red hat")]
    [InlineData("no phrase here", "")]
    [InlineData("[/EN#3/scene the street", "")] // never closed
    [InlineData("[/EN#1/people\u001cA man]", "1:people:A man")] // a space to Python
    public void Phrases_are_read_as_marked(string sentence, string expected) =>
        Assert.Equal(expected, string.Join('|', Flickr30kSentence.Parse(sentence)!.Select(p => $"{p.Chain}:{string.Join(',', p.Types)}:{p.Text}")));

    [Fact]
    public void A_mark_of_another_form_is_refused() => Assert.Null(Flickr30kSentence.Parse("[people A man]"));

    [Fact]
    public void Recall_grows_with_k_and_counts_every_type_of_a_phrase()
    {
        SentenceTruth[] truth = [new("7", 0, [new("a hat", ["clothing", "other"], [Hat]), new("a dog", ["animals"], [Far])])];
        SentencePrediction[] found = [new("7", 0, [[Far, Hat], []])];

        var recalls = Flickr30kEvaluator.Evaluate(truth, found).Recalls;

        Assert.Equal(0, recalls[1]["all"]);
        Assert.Equal(0.5, recalls[5]["all"]);
        Assert.Equal([1, 1, 0], [recalls[5]["clothing"], recalls[5]["other"], recalls[5]["animals"]]);
        Assert.Equal(recalls[5], recalls[Flickr30kMetrics.AllBoxes]);
    }

    [Fact]
    public void A_second_prediction_and_one_without_truth_are_left_out()
    {
        SentenceTruth[] truth = [new("7", 0, [new("a hat", ["clothing"], [Hat])])];

        var metrics = Flickr30kEvaluator.Evaluate(truth, [new("7", 0, [[Hat]]), new("7", 0, [[Far]]), new("8", 0, [[Far]])]);

        Assert.Equal((1, 2), (metrics.Recalls[1]["all"], metrics.IgnoredPredictions));
    }

    [Fact]
    public void A_missing_prediction_and_a_wrong_number_of_phrases_are_named()
    {
        SentenceTruth[] truth = [new("7", 3, [new("a hat", ["clothing"], [Hat])])];

        var missing = Assert.Throws<ArgumentException>(() => Flickr30kEvaluator.Evaluate(truth, []));
        var phrases = Assert.Throws<ArgumentException>(() => Flickr30kEvaluator.Evaluate(truth, [new("7", 3, [])]));

        Assert.StartsWith("There is no prediction for sentence 3 of image 7.", missing.Message);
        Assert.StartsWith("The prediction for sentence 3 of image 7 has 0 phrases; it must have 1", phrases.Message);
    }

    [Fact]
    public void The_table_is_that_of_prettytable()
    {
        SentenceTruth[] truth = [new("7", 0, [new("a hat", ["clothing"], [Hat]), new("a dog", ["animals"], [Far]), new("a cat", ["animals"], [Far])])];

        var table = Flickr30kEvaluator.Evaluate(truth, [new("7", 0, [[Hat], [], []])]).ToString();

        Assert.Equal("""
            +-------------+--------------------+---------+----------+
            |   Recall@k  |        all         | animals | clothing |
            +-------------+--------------------+---------+----------+
            |   Recall@1  | 0.3333333333333333 |   0.0   |   1.0    |
            |   Recall@5  | 0.3333333333333333 |   0.0   |   1.0    |
            |  Recall@10  | 0.3333333333333333 |   0.0   |   1.0    |
            | Upper_bound | 0.3333333333333333 |   0.0   |   1.0    |
            +-------------+--------------------+---------+----------+
            """.ReplaceLineEndings("\n"), table);
    }

    [Fact]
    public void Of_equal_scores_the_box_of_greater_coordinates_comes_first()
    {
        ReferringExpression[] truth = [new(1, "refcoco", Hat), new(2, "refcoco", Far)];

        var metrics = RefExpEvaluator.Evaluate(truth, [new(1, [Hat, Far], [0.5, 0.5]), new(2, [Hat, Far], [0.5, 0.5])]);

        Assert.Equal([0.5, 1, 1], metrics.Precisions["refcoco"]);
        Assert.Equal([0.0, 0, 0], metrics.Precisions["refcocog"]);
        Assert.StartsWith(" Dataset: refcoco - Precision @ 1, 5, 10: [0.5, 1.0, 1.0] \n", metrics.ToString());
    }

    [Fact]
    public void What_does_not_fit_an_expression_is_named()
    {
        ReferringExpression[] truth = [new(1, "refcoco", Hat)];
        string Message(ReferringExpression[] expressions, params ReferringPrediction[] found) =>
            Assert.Throws<ArgumentException>(() => RefExpEvaluator.Evaluate(expressions, found)).Message;

        Assert.StartsWith("There is no prediction for image 1.", Message(truth));
        Assert.StartsWith("The prediction for image 1 has 1 boxes and 0 scores.", Message(truth, new ReferringPrediction(1, [Hat], [])));
        Assert.StartsWith("The prediction for image 1 has a box turned inside out", Message(truth, new ReferringPrediction(1, [new(9, 0, 1, 1)], [1])));
        Assert.StartsWith("Image 1 is of the data set 'vqa'", Message([truth[0] with { Dataset = "vqa" }], new ReferringPrediction(1, [], [])));
    }

    [Fact]
    public void A_damaged_annotation_is_named()
    {
        Write("test.txt", "5\n");
        Write("Sentences/5.txt", "[/EN#1/people A man]\n");
        Write("Annotations/5.xml", "<annotation><object><name>1</name><bndbox><xmin>1.5</xmin></bndbox></object></annotation>");

        var error = Assert.Throws<InvalidDataException>(() => Flickr30kFiles.ReadGroundTruth(_folder));

        Assert.Contains("5.xml' object[0]: xmin is missing or not an integer.", error.Message);
    }

    private void Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
