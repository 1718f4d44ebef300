namespace Microsoft.ML.DetClip.Tests;

public sealed class ConceptDictionaryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-concepts").FullName;

    [Theory]
    [InlineData("bass", "a fish")]
    [InlineData("Bass", "a tone")]        // exactly, before anything else
    [InlineData("BASS", "a fish")]
    [InlineData("basses", "a fish")]
    [InlineData("alarm clock", "it rings")]
    [InlineData(" Alarm  Clocks ", "it rings")]
    [InlineData("fireman", "they help")]
    [InlineData("knives", "it cuts")]
    [InlineData("city", "many houses")]
    [InlineData("glass", null)]
    [InlineData("alarm", null)]           // no part of a name
    [InlineData("unknown", null)]         // known, but what it means is not
    [InlineData("", null)]
    public void A_definition_is_found_by_name_then_by_capitals_then_by_number(string name, string? definition)
    {
        var dictionary = new ConceptDictionary([
            new("bass", "a fish"), new("Bass", "a tone"), new("alarm_clock", "it rings"), new("firemen", "they help"), new("knife", "it cuts"),
            new("cities", "many houses"), new("unknown"), new("glas", " ")]);

        Assert.Equal(definition, dictionary.DefinitionOf(name));
        Assert.Equal(new Concept(name, definition), dictionary.Define(name));
    }

    [Fact]
    public void Merging_keeps_the_first_definition_and_each_name_once()
    {
        var merged = new ConceptDictionary([new("cup"), new("bass", "a fish")]).With(new([new("bass", "a tone"), new("cup", "a vessel"), new("tree")]));

        Assert.Equal([new("cup", "a vessel"), new("bass", "a fish"), new("tree")], merged.Concepts);
        Assert.Equal("a fish", merged.DefinitionOf("bass"));
        Assert.Empty(ConceptDictionary.Empty.Concepts);
        Assert.Throws<ArgumentException>(() => new ConceptDictionary([new(" ")]));
    }

    [Theory]
    [InlineData("a.txt", "cup\ta vessel\n\nbass \t a fish\r\ntree\ncup\ta vessel")]
    [InlineData("a.json", """{"cup": "a vessel", "bass": "a fish", "tree": null}""")]
    [InlineData("a.json", """["cup", {"name": "bass", "id": [1, {}], "def": "a fish"}, "tree"]""", false)]
    [InlineData("a.JSON", """[{"definition": "a vessel", "name": "cup"}, {"name": "bass", "definition": "a fish"}, {"name": "tree"},]""")]
    public void Files_of_lines_and_of_json_are_read(string file, string text, bool isCupDefined = true) =>
        Assert.Equal([new("cup", isCupDefined ? "a vessel" : null), new("bass", "a fish"), new("tree")], Load(file, text).Concepts);

    [Fact]
    public void A_mark_of_byte_order_is_no_part_of_a_name() => Assert.Equal("cup", Load("a.txt", "\uFEFFcup\ta vessel").Concepts[0].Name);

    [Theory]
    [InlineData("a.txt", "cup\n\ta vessel", "line 2: there is no name")]
    [InlineData("a.txt", "cup\nbass\ta\tfish", "line 2: there are more than two parts")]
    [InlineData("a.txt", "cup\ta vessel\n\ncup\ta hat", "line 3: 'cup' has another definition than in line 1")]
    [InlineData("a.json", "{\n\"cup\": 5}", "line 2, byte 8: names and definitions must be texts")]
    [InlineData("a.json", "[\n\n{\"def\": \"a hat\"}]", "line 3, byte 1: there is no name")]
    [InlineData("a.json", "[\n\"cup\"", "line 2, byte 6: not JSON, or cut off")]
    [InlineData("a.json", "", "line 1, byte 1: not JSON, or cut off")]
    [InlineData("a.json", "[] []", "line 1, byte 4: not JSON, or cut off")]
    [InlineData("a.json", "5", "line 1, byte 1: it must be an object or an array")]
    public void What_is_wrong_with_a_file_is_said_with_its_line(string file, string text, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Load(file, text));

        Assert.Contains(file + "' " + message, error.Message);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_their_line()
    {
        var path = Path.Combine(_folder, "a.txt");
        File.WriteAllBytes(path, [(byte)'a', (byte)'\n', 0xFF]);

        Assert.Contains("line 2: it is not UTF-8", Assert.Throws<InvalidDataException>(() => ConceptDictionary.Load(path)).Message);
        Assert.Throws<FileNotFoundException>(() => ConceptDictionary.Load(Path.Combine(_folder, "none.txt")));
    }

    [Fact]
    public void The_nouns_of_WordNet_have_their_most_frequent_sense()
    {
        WriteWordNet();

        var dictionary = ConceptDictionary.LoadWordNet(_folder);

        Assert.Equal(["sweet apple", "mouse", "mice"], dictionary.Concepts.Select(c => c.Name));
        Assert.Equal("a small rodent; it eats cheese", dictionary.DefinitionOf("mouse"));
        Assert.Equal("a small rodent; it eats cheese", dictionary.DefinitionOf("Mice"));
        Assert.Equal("a fruit", dictionary.DefinitionOf("sweet_apples"));
    }

    [Fact]
    public void A_folder_that_is_not_WordNets_is_refused()
    {
        Assert.Contains("wordnet-base", Assert.Throws<FileNotFoundException>(() => ConceptDictionary.LoadWordNet(_folder)).Message);
        WriteWordNet();
        File.AppendAllText(Path.Combine(_folder, "index.noun"), "cup n 1 0 1 0 00000003\n");

        Assert.Contains("line 4 is none", Assert.Throws<InvalidDataException>(() => ConceptDictionary.LoadWordNet(_folder)).Message);
    }

    // Two synsets and their index, in the format of WordNet's manual page wndb(5WN).
    private void WriteWordNet()
    {
        string[] glosses = ["a device with a button; \"click the mouse\"", "a small rodent; it eats cheese; \"a mouse in the house\"; \"two mice\"", "a fruit"];
        var (data, offsets) = ("  1 Free for all.\n", new List<string>());
        foreach (var gloss in glosses)
        {
            offsets.Add($"{data.Length:D8}");
            data += $"{data.Length:D8} 05 n 01 word 0 000 | {gloss}  \n";
        }
        Write("data.noun", data);
        Write("index.noun", $"  1 Free for all.\nsweet_apple n 1 1 @ 1 0 {offsets[2]}  \nmouse n 2 2 @ ~ 2 1 {offsets[1]} {offsets[0]}  \n");
        Write("noun.exc", "mice mouse\ngeese goose\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ConceptDictionary Load(string file, string text)
    {
        Write(file, text);
        return ConceptDictionary.Load(Path.Combine(_folder, file));
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
