using System.Text.Json;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Cli.Tests;

public sealed class TokenizeCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip").FullName;

    private string Vocabulary => Path.Combine(_folder, "tokenizer.txt");

    public TokenizeCommandTests() => File.WriteAllText(Vocabulary, "header\nt h\nth e</w>\n");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_line_becomes_one_array_of_ids_without_padding()
    {
        var session = await Session.RunAsync("The\n\nthé\n", "tokenize", "--vocabulary", Vocabulary);

        Assert.Equal((ExitCode.Success, ""), (session.ExitCode, session.Error));
        Assert.Equal("[514,513,515]\n[514,515]\n[514,512,127,358,515]\n", session.Output);
    }

    [Fact]
    public async Task A_cut_text_ends_in_the_end_mark_and_is_warned_of()
    {
        var session = await Session.RunAsync("the\nthe the the Old the\n", "tokenize", "--vocabulary", Vocabulary, "--length", "5");

        Assert.Equal(ExitCode.Success, session.ExitCode);
        Assert.Equal("[514,513,515]\n[514,513,513,513,515]\n", session.Output);
        Assert.Equal("detclip: warning: line 2 does not fit into 5 ids; lost: \"Old the\"\n", session.Error);
    }

    [Fact]
    public async Task No_input_is_no_output() => Assert.Equal(new(ExitCode.Success, "", ""), await Session.RunAsync("", "tokenize", "-v", Vocabulary));

    [Fact]
    public async Task A_length_without_room_for_both_marks_is_bad_usage()
    {
        var session = await Session.RunAsync("the\n", "tokenize", "--vocabulary", Vocabulary, "--length", "1");

        Assert.Equal((ExitCode.BadUsage, ""), (session.ExitCode, session.Output));
        Assert.Equal("detclip: error: --length is 1; it must be at least 2, for the start and end mark. See 'detclip tokenize --help'.\n", session.Error);
    }

    [Fact]
    public async Task A_missing_vocabulary_is_a_failure_that_says_what_to_do()
    {
        var path = Path.Combine(_folder, "absent.txt.gz");

        var session = await Session.RunAsync("the\n", "tokenize", "--vocabulary", path);

        Assert.Equal((ExitCode.Failure, ""), (session.ExitCode, session.Output));
        Assert.Equal($"detclip: error: There is no vocabulary file '{path}'. CLIP's own is called bpe_simple_vocab_16e6.txt.gz.\n", session.Error);
    }

    [Fact]
    public async Task A_damaged_vocabulary_is_a_failure_that_names_the_line()
    {
        File.WriteAllText(Vocabulary, "header\nt h\noops\n");

        var session = await Session.RunAsync("the\n", "tokenize", "--vocabulary", Vocabulary);

        Assert.Equal((ExitCode.Failure, ""), (session.ExitCode, session.Output));
        Assert.Contains("line 3, 'oops'", session.Error);
        Assert.Single(session.Error.TrimEnd('\n').Split('\n'));
    }

    [SharedFact("golden/clip_tokenizer/expected.json", "data/clip-bpe/bpe_simple_vocab_16e6.txt.gz")]
    public async Task Output_equals_that_of_CLIP()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(SharedData.Path("golden/clip_tokenizer/expected.json")));
        var cases = golden.RootElement.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("text").GetString()!.IndexOfAny(['\n', '\r']) < 0).ToList();
        var input = string.Concat(cases.Select(c => c.GetProperty("text").GetString() + "\n"));

        var session = await Session.RunAsync(input, "tokenize", "-v", SharedData.Path("data/clip-bpe/bpe_simple_vocab_16e6.txt.gz"));

        var expected = cases.Select(c => $"[{string.Join(',', c.GetProperty("tokenize77_truncate").EnumerateArray())}]");
        Assert.Equal(expected, session.Output.TrimEnd('\n').Split('\n'));
    }
}
