using System.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.DetClip;

/// <summary>CLIP's tokenizer: lower-cased byte-level byte-pair encoding (Radford et al. 2021, section 2.4; Sennrich et al. 2016).</summary>
/// <remarks>
/// Equal to the tokenizer published with CLIP, with the vocabulary published with CLIP. Without such a file, <see cref="BytePairLearner"/>
/// makes a vocabulary from a corpus. Safe to use from several threads at once.
/// </remarks>
public sealed class ClipTokenizer : ITextTokenizer
{
    private readonly ClipVocabulary _vocabulary;
    private readonly BpeTokenizer _pairs;

    internal ClipTokenizer(ClipVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        var marks = new Dictionary<string, int> { [ClipText.StartMark] = vocabulary.Start, [ClipText.EndMark] = vocabulary.End };
        _pairs = BpeTokenizer.Create(new BpeOptions(vocabulary.Ids.Concat(marks))
        {
            Merges = vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}"),
            Normalizer = new Cleaner(),
            PreTokenizer = new Splitter(),
            SpecialTokens = marks,
            EndOfWordSuffix = ByteSymbols.EndOfWord,
            ByteLevel = true,
        });
    }

    /// <summary>512 and one id for each merge, then the start and end mark; 49408 with CLIP's own vocabulary.</summary>
    public int VocabularySize => _vocabulary.End + 1;

    internal ClipVocabulary Vocabulary => _vocabulary;

    /// <summary>Reads a vocabulary file in CLIP's layout, gzip or plain: a header, then a merge a line.</summary>
    /// <remarks>Of CLIP's own file, bpe_simple_vocab_16e6.txt.gz, the first 48894 merges count, as in CLIP; of a shorter file, all.</remarks>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">Not such a file; names the line and what is wrong with it.</exception>
    public static ClipTokenizer Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no vocabulary file '{path}'. CLIP's own is called bpe_simple_vocab_16e6.txt.gz.", path);
        using var file = File.OpenRead(path);
        return new(ClipVocabulary.Read(file, $"'{path}'"));
    }

    /// <summary>Reads a vocabulary in CLIP's layout, gzip or plain, up to the stream's end; the stream stays open.</summary>
    /// <exception cref="InvalidDataException">Not such a vocabulary; names the line and what is wrong with it.</exception>
    public static ClipTokenizer Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new(ClipVocabulary.Read(stream, "The stream"));
    }

    /// <summary>Writes the vocabulary as plain text in CLIP's layout, beside the file first, so that no reader meets half of it.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(beside, FileMode.CreateNew)) Write(file);
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>Writes the vocabulary as plain text in CLIP's layout; the same bytes for the same vocabulary. The stream stays open.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _vocabulary.Write(stream);
    }

    /// <inheritdoc/>
    /// <remarks>The text "&lt;|endoftext|&gt;" gives the end mark, and "&lt;|startoftext|&gt;" the start mark, as in CLIP.</remarks>
    public IReadOnlyList<int> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [_vocabulary.Start, .. _pairs.EncodeToIds(text), _vocabulary.End];
    }

    /// <inheritdoc/>
    /// <remarks>Cleaned, lower case, a space between words.</remarks>
    public string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new List<byte>();
        foreach (var id in ids.TakeWhile(id => id != _vocabulary.End))
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ids));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(id, _vocabulary.End, nameof(ids));
            if (id == _vocabulary.Start) continue;
            var symbol = _vocabulary.Symbols[id];
            var endsWord = symbol.EndsWith(ByteSymbols.EndOfWord, StringComparison.Ordinal);
            bytes.AddRange((endsWord ? symbol[..^ByteSymbols.EndOfWord.Length] : symbol).Select(ByteSymbols.ByteOf));
            if (endsWord) bytes.Add((byte)' ');
        }
        return Encoding.UTF8.GetString([.. bytes]).TrimEnd(' ');
    }

    private sealed class Cleaner : Normalizer
    {
        public override string Normalize(string original) => ClipText.Clean(original);

        public override string Normalize(ReadOnlySpan<char> original) => ClipText.Clean(original.ToString());
    }

    private sealed class Splitter : PreTokenizer
    {
        public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => ClipText.Split(text);

        public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => ClipText.Split(text.ToString());
    }
}
