namespace Microsoft.ML.DetClip.Tests;

public sealed class EmbeddingCacheTests : IDisposable
{
    private const string Hash = "AB12";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Memory_forgets_what_was_not_asked_for_the_longest()
    {
        var memory = new EmbeddingMemory(capacity: 8);
        for (var i = 0; i < 8; i++) memory.Keep($"{i}", [i]);
        memory.Trim();
        Assert.Equal(8, memory.Count);

        Assert.Equal([0f], memory.Find("0")!);
        memory.Keep("new", [9]);
        memory.Trim();

        Assert.Equal(6, memory.Count);
        Assert.Null(memory.Find("1"));
        Assert.Null(memory.Find("3"));
        Assert.All(["0", "4", "5", "6", "7", "new"], (string s) => Assert.NotNull(memory.Find(s)));
    }

    [Fact]
    public void A_vocabulary_larger_than_the_memory_is_encoded_all_the_same()
    {
        using var session = new DetectorSession(ToyDetector.Model, SessionDevice.Cpu, Assert.Fail);
        Concept[] many = [.. Enumerable.Range(0, TextEncoder.MaxKept + 10).Select(i => new Concept($"r{i}"))];

        var first = session.Encode(many, new(Assert.Fail)).Embeddings;

        Assert.Equal(first, session.Encode(many, new(Assert.Fail)).Embeddings);
        Assert.Equal(session.Encode([many[0]], new(Assert.Fail)).Embeddings, first[..3]);
    }

    [Fact]
    public void What_is_kept_on_disk_is_found_by_another_process_with_the_same_text_encoder_only()
    {
        Open().Keep("a dog", [1, 2.5f, -3]);

        Assert.Equal([1, 2.5f, -3], Open().Find("a dog")!);
        Assert.Null(Open().Find("a cat"));
        Assert.Null(new EmbeddingFolder(_folder.Path, "CD34", 3, _log.Add).Find("a dog"));
        Assert.Empty(_log);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]  // the first half of a write
    [InlineData(51)]  // one byte too few
    [InlineData(60)]  // too many
    [InlineData(-10)] // a bit turned round
    public void A_damaged_file_is_told_and_written_anew(int length)
    {
        Open().Keep("a dog", [1, 2, 3]);
        var file = Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
        var bytes = File.ReadAllBytes(file);
        if (length < 0) bytes[-length] ^= 4;
        else Array.Resize(ref bytes, length);
        File.WriteAllBytes(file, bytes);
        var cache = Open();

        Assert.Null(cache.Find("a dog"));
        cache.Keep("a dog", [1, 2, 3]);

        Assert.Equal([1, 2, 3], cache.Find("a dog")!);
        Assert.Equal([$"'{file}' is damaged and is written anew."], _log);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told_once_and_does_no_harm()
    {
        var file = _folder.PathOf("file");
        File.WriteAllText(file, "");
        using var session = new DetectorSession(ToyDetector.Model, SessionDevice.Cpu, Assert.Fail);

        var vocabulary = session.Encode(["red", "green", "blue"], new(_log.Add) { CacheFolder = file });

        Assert.Equal(9, vocabulary.Embeddings.Length);
        Assert.StartsWith("The embedding cache cannot be written: ", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_writers_and_readers_of_one_file_never_meet_half_of_it()
    {
        var embedding = Enumerable.Range(0, 3).Select(i => (float)i).ToArray();

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var cache = Open(Assert.Fail);
            if (i % 2 == 0) cache.Keep("a dog", embedding);
            else if (cache.Find("a dog") is { } found) Assert.Equal(embedding, found);
        });

        Assert.Equal(embedding, Open().Find("a dog"));
        Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_second_session_needs_no_text_graph_for_what_is_on_disk()
    {
        var notes = new EncodingNotes(Assert.Fail) { CacheFolder = _folder.Path };
        using var first = new DetectorSession(ToyDetector.Model, SessionDevice.Cpu, Assert.Fail);
        var expected = first.Encode(["red", new("green", "a hue")], notes).Embeddings;
        var runs = 0;
        using var tokenizer = new MemoryStream(ToyDetector.Tokenizer);
        using var second = new TextEncoder(ClipTokenizer.Read(tokenizer), ToyDetector.Manifest, () =>
        {
            runs++;
            throw new InvalidOperationException();
        });

        Assert.Equal(expected, second.Encode(["red", "green, a hue"], notes));
        Assert.Equal(0, runs);
        Assert.Throws<InvalidOperationException>(() => second.Encode(["blue"], notes));
    }

    private EmbeddingFolder Open(Action<string>? warn = null) => new(_folder.Path, Hash, 3, warn ?? _log.Add);
}
