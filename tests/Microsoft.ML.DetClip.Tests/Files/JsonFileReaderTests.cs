using System.Text;
using System.Text.Json;

namespace Microsoft.ML.DetClip.Tests;

public sealed class JsonFileReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)] // longer than the buffer
    public void Tokens_of_a_file_larger_than_the_buffer_are_those_of_a_reader_over_all_of_it(int textLength)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < 40_000; i++) text.Append(i).Append(i % 7 == 0 ? ", \n" : ",").Append($$"""{"é{{i}}": [null, -1.5e3, true]},""");
        text.Append('"').Append('x', textLength).Append("\"]");
        var path = Write("large.json", text.ToString());

        Assert.Equal(ExpectedTokens(File.ReadAllBytes(path)), ActualTokens(path));
    }

    [Fact]
    public void Skip_ends_on_the_last_token_of_the_value()
    {
        var elements = string.Concat(Enumerable.Repeat("""{"b": [1, 2]}, """, 20_000));
        var path = Write("skip.json", $$$"""{"a": [{{{elements}}} 3], "c": 4, "d": {}}""");
        var json = new JsonFileReader(path);
        json.Read();

        Assert.Equal("a", json.NextProperty());
        json.Skip();
        Assert.Equal(JsonTokenType.EndArray, json.TokenType);
        Assert.Equal("c", json.NextProperty());
        json.Skip();
        Assert.Equal(4, json.Integer());
        Assert.Equal("d", json.NextProperty());
        json.Skip();
        Assert.Null(json.NextProperty());
        Assert.False(json.Read());
        json.Dispose();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(90_000)] // the error is in a later buffer
    public void Line_of_an_error_is_that_of_the_file(int lines)
    {
        var path = Write("broken.json", "[\n" + string.Concat(Enumerable.Repeat("1,\n", lines)) + "  oops]");

        var error = Assert.Throws<InvalidDataException>(() => ActualTokens(path));

        Assert.Contains($"line {lines + 2}, byte 3:", error.Message);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused_with_its_place()
    {
        File.WriteAllBytes(_folder.PathOf("latin1.json"), [.. "{\n\"a\": \"caf"u8, 0xE9, .. "\"}"u8]);

        var error = Assert.Throws<InvalidDataException>(() => ReadText(_folder.PathOf("latin1.json")));

        Assert.Contains("line 2, byte 6: a text that is not UTF-8", error.Message);
    }

    [Theory]
    [InlineData("42", 42L)]
    [InlineData("42.0", 42L)] // as Python writes what went through an array of floats
    [InlineData("9007199254740993", 9007199254740993L)]
    [InlineData("1.5", null)]
    [InlineData("1e300", null)]
    [InlineData("\"42\"", null)]
    public void Integers_are_numbers_without_a_fraction(string text, long? expected)
    {
        var json = new JsonFileReader(Write("number.json", text));
        json.Read();

        Assert.Equal(expected, json.Integer());
        json.Dispose();
    }

    private string Write(string name, string content)
    {
        File.WriteAllText(_folder.PathOf(name), content);
        return _folder.PathOf(name);
    }

    private static string? ReadText(string path)
    {
        var json = new JsonFileReader(path);
        try
        {
            json.Read();
            json.NextProperty();
            return json.Text();
        }
        finally
        {
            json.Dispose();
        }
    }

    private static List<(JsonTokenType, long)> ExpectedTokens(byte[] file)
    {
        var tokens = new List<(JsonTokenType, long)>();
        var reader = new Utf8JsonReader(file);
        while (reader.Read()) tokens.Add((reader.TokenType, reader.TokenStartIndex));
        return tokens;
    }

    private static List<(JsonTokenType, long)> ActualTokens(string path)
    {
        var tokens = new List<(JsonTokenType, long)>();
        var json = new JsonFileReader(path);
        try
        {
            while (json.Read()) tokens.Add((json.TokenType, json.Offset));
        }
        finally
        {
            json.Dispose();
        }
        return tokens;
    }
}
