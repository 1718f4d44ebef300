namespace Microsoft.ML.DetClip.Datasets.Tests.Labelling;

public sealed class LabelOntologyTests : TempFolder
{
    [Fact]
    public void Several_phrases_share_a_label_in_a_text_file()
    {
        var ontology = LabelOntology.Load(Write("labels.txt", "bike => bicycle\n\nracing bicycle=>bicycle\ncrane\ta large bird => bird\r\nmug\nbass\ta low drum\n"));

        Assert.Equal([new("bike"), new("racing bicycle"), new("crane", "a large bird"), new("mug"), new("bass", "a low drum")], ontology.Phrases);
        Assert.Equal(["bicycle", "bird", "mug", "bass"], ontology.Labels);
        Assert.Equal("bicycle", ontology.LabelOf("racing bicycle"));
    }

    [Theory]
    [InlineData("""["mug", { "name": "bike", "label": "bicycle", "definition": "two wheels" }]""", "mug:,bike:two wheels", "mug,bicycle")]
    [InlineData("""{ "mug": "a cup", "bike": null, }""", "mug:a cup,bike:", "mug,bike")]
    public void Json_has_texts_objects_or_definitions(string json, string phrases, string labels)
    {
        var ontology = LabelOntology.Load(Write("labels.json", json));

        Assert.Equal(phrases, string.Join(',', ontology.Phrases.Select(c => $"{c.Name}:{c.Definition}")));
        Assert.Equal(labels, string.Join(',', ontology.Labels));
    }

    [Theory]
    [InlineData("a.txt", "mug\ncup => => b", "line 2: there is more than one '=>'")]
    [InlineData("a.txt", "mug\n=> b", "line 2: before the label")]
    [InlineData("a.txt", "cup => ", "line 1: there is no label after '=>'")]
    [InlineData("a.txt", "mug\nMug", "names a class more than once: 'mug' at 0, 1")]
    [InlineData("a.txt", "\n", "There is nothing to look for")]
    [InlineData("a.json", "[\"mug\",", "line 1: not JSON")]
    [InlineData("a.json", "[{ \"label\": \"x\" }]", "entry 0 has no name")]
    [InlineData("a.json", "3", "must hold an array or an object")]
    public void What_is_wrong_with_a_file_is_said_with_its_place(string name, string content, string problem)
    {
        var path = Write(name, content);

        var message = Assert.Throws<InvalidDataException>(() => LabelOntology.Load(path)).Message;

        Assert.Contains(problem, message);
        Assert.Contains(path, message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        Assert.Throws<FileNotFoundException>(() => LabelOntology.Load(InFolder("a.txt")));
        Assert.Throws<FileNotFoundException>(() => LabelOntology.Load(InFolder("a.json")));
    }
}
