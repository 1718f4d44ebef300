using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.DetClip;

/// <summary>The symbols of a byte-pair vocabulary in the order of their ids, and the file they are kept in.</summary>
/// <remarks>
/// Ids: 256 bytes, 256 bytes that end a word, one for each merge, start mark, end mark.
/// File, in CLIP's layout: a header that says nothing, then a merge a line, its two symbols with a space between; UTF-8, gzip or plain.
/// </remarks>
internal sealed class ClipVocabulary
{
    /// <summary>CLIP reads this many merges of its file and no more; its vocabulary is 49408 ids.</summary>
    public const int MaxMerges = 48894;

    private const string Header = "#version: 0.2 byte-pair merges of Microsoft.ML.DetClip in CLIP's layout";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    private readonly List<string> _symbols = [.. ByteSymbols.InOrderOfIds];
    private readonly Dictionary<string, int> _ids;
    private readonly List<(string Left, string Right)> _merges = [];
    private readonly HashSet<(string, string)> _known = [];

    /// <summary>The vocabulary of bytes alone, with no merges yet.</summary>
    public ClipVocabulary() => _ids = _symbols.Select((symbol, id) => (symbol, id)).ToDictionary(s => s.symbol, s => s.id);

    /// <summary>Pairs of symbols in the order in which they are merged.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges => _merges;

    /// <summary>Id of each symbol; of the later one where two merges make the same, as in CLIP.</summary>
    public IReadOnlyDictionary<string, int> Ids => _ids;

    /// <summary>Symbol of each id, marks left out.</summary>
    public IReadOnlyList<string> Symbols => _symbols;

    /// <summary>Id of the start mark.</summary>
    public int Start => _symbols.Count;

    /// <summary>Id of the end mark, the last.</summary>
    public int End => _symbols.Count + 1;

    /// <summary>Adds the merge of two symbols; says what is wrong with it, or null.</summary>
    public string? TryAdd(string left, string right)
    {
        foreach (var part in (string[])[left, right])
            if (!_ids.ContainsKey(part)) return $"'{part}' is neither a byte nor made by an earlier merge";
        if (left.EndsWith(ByteSymbols.EndOfWord, StringComparison.Ordinal)) return $"nothing can follow '{left}', which ends a word";
        if (!_known.Add((left, right))) return $"'{left} {right}' is there already";
        _merges.Add((left, right));
        _ids[left + right] = _symbols.Count;
        _symbols.Add(left + right);
        return null;
    }

    /// <summary>Reads a file in CLIP's layout.</summary>
    /// <param name="stream">Read to its end; stays open.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">Not such a file; says which line and why.</exception>
    public static ClipVocabulary Read(Stream stream, string name)
    {
        using var lines = new StringReader(Decode(Unpack(stream, name), name));
        if (lines.ReadLine() is null) throw Invalid(name, "it is empty");
        var vocabulary = new ClipVocabulary();
        for (var number = 2; vocabulary.Merges.Count < MaxMerges && lines.ReadLine() is { } line; number++)
        {
            var parts = line.Split(' ');
            var problem = parts is [{ Length: > 0 }, { Length: > 0 }] ? vocabulary.TryAdd(parts[0], parts[1]) : "expected two symbols with a space between";
            if (problem is not null) throw Invalid(name, $"line {number}, '{Shorten(line)}': {problem}");
        }
        return vocabulary;
    }

    /// <summary>Writes a file in CLIP's layout, plain; the same bytes for the same merges.</summary>
    public void Write(Stream stream)
    {
        using var writer = new StreamWriter(stream, Utf8, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(Header);
        foreach (var (left, right) in _merges) writer.WriteLine($"{left} {right}");
    }

    private static byte[] Unpack(Stream stream, string name)
    {
        using var packed = new MemoryStream();
        stream.CopyTo(packed);
        var bytes = packed.ToArray();
        if (!bytes.AsSpan().StartsWith(GzipMagic)) return bytes;
        try
        {
            packed.Position = 0;
            using var unpacked = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionMode.Decompress)) gzip.CopyTo(unpacked);
            // GZipStream takes a file that was cut short for a whole one; the last four bytes of a whole one are its unpacked length.
            var isWhole = bytes.Length > 18 && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(^4..)) == (uint)unpacked.Length;
            return isWhole ? unpacked.ToArray() : throw new InvalidDataException("The gzip data is cut short.");
        }
        catch (InvalidDataException e)
        {
            throw Invalid(name, "its gzip data is damaged or cut short", e);
        }
    }

    private static string Decode(byte[] text, string name)
    {
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw Invalid(name, "it is not UTF-8 text", e);
        }
    }

    private static string Shorten(string line) => line.Length <= 80 ? line : line[..80] + "…";

    private static InvalidDataException Invalid(string name, string problem, Exception? inner = null) => new(
        $"{name} is not a byte-pair vocabulary in CLIP's layout (a header, then a merge of two symbols a line): {problem}.", inner);
}
