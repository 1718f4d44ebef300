using System.Buffers;
using System.Text.Json;

namespace Microsoft.ML.DetClip;

/// <summary>Reads a JSON file of any size token by token through one small buffer, and knows where in the file each token stands.</summary>
/// <remarks>Pass it by reference: a copy would read on its own.</remarks>
internal ref partial struct JsonFileReader
{
    private const int FirstBufferSize = 1 << 16;
    private const int MaxKnownNames = 32;
    private const int MaxTokenSize = 64 << 20;
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];
    private readonly FileStream _stream;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBufferSize);
    private int _filled;
    private bool _atEnd;
    private int _consumedBefore; // bytes at the front of the buffer that the reader no longer sees
    private long _bufferOffset; // where the buffer's first byte stands in the file
    private Utf8JsonReader _reader;
    private readonly List<string> _names = []; // properties met so far: records repeat theirs, and need no new string for it

    /// <param name="path">The file.</param>
    /// <param name="options">Whether it may have comments and commas too many; by default not.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public JsonFileReader(string path, JsonReaderOptions options = default)
    {
        Path = path;
        _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Fill(kept: 0);
        var start = _buffer.AsSpan(0, _filled).StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        _bufferOffset = start;
        _buffer.AsSpan(start, _filled - start).CopyTo(_buffer);
        _filled -= start;
        _reader = new Utf8JsonReader(_buffer.AsSpan(0, _filled), _atEnd, new JsonReaderState(options));
    }

    private JsonFileReader(Suspended from)
    {
        (Path, _stream, _buffer, _filled, _atEnd) = (from.Path, from.Stream, from.Buffer, from.Filled, from.AtEnd);
        (_bufferOffset, _consumedBefore) = (from.BufferOffset, from.Consumed);
        _reader = new Utf8JsonReader(_buffer.AsSpan(from.Consumed, _filled - from.Consumed), _atEnd, from.State);
    }

    /// <summary>Goes on where a reader was suspended, after the token it stood on.</summary>
    public static JsonFileReader Resume(Suspended from) => new(from);

    /// <summary>The reader as something that can be kept; the reader itself is not to be used any more.</summary>
    public readonly Suspended Suspend() => new(Path, _stream, _buffer, _filled, _atEnd, _bufferOffset, _consumedBefore + (int)_reader.BytesConsumed, _reader.CurrentState);

    /// <summary>A reader between two tokens.</summary>
    public sealed record Suspended(string Path, FileStream Stream, byte[] Buffer, int Filled, bool AtEnd, long BufferOffset, int Consumed, JsonReaderState State);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What kind of token was read last.</summary>
    public readonly JsonTokenType TokenType => _reader.TokenType;

    /// <summary>Where that token begins, in bytes from the start of the file.</summary>
    public readonly long Offset => _bufferOffset + _consumedBefore + _reader.TokenStartIndex;

    /// <summary>Reads the next token.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="InvalidDataException">What follows is not JSON, or the file ends too soon.</exception>
    public bool Read()
    {
        try
        {
            while (!_reader.Read())
            {
                if (_atEnd) return false;
                Refill();
            }
            return true;
        }
        catch (JsonException e)
        {
            var nan = e.Message.StartsWith("'N'", StringComparison.Ordinal) ? " NaN, which Python writes, is not JSON." : "";
            throw new InvalidDataException($"'{Path}' line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: not JSON, or cut off: {e.Message}{nan}", e);
        }
    }

    /// <summary>Inside an object, reads the next property's name and stands on its value.</summary>
    /// <returns>The name; null at the object's end.</returns>
    public string? NextProperty()
    {
        Read();
        if (TokenType == JsonTokenType.EndObject) return null;
        var name = PropertyName();
        Read();
        return name;
    }

    /// <summary>Inside an array, reads the first token of the next element.</summary>
    /// <returns>False at the array's end.</returns>
    public bool NextElement() => Read() && TokenType != JsonTokenType.EndArray;

    /// <summary>Reads to the last token of the value it stands on.</summary>
    public void Skip()
    {
        if (TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        var depth = _reader.CurrentDepth;
        while (Read() && _reader.CurrentDepth > depth) { }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private readonly string PropertyName()
    {
        if (_reader.ValueIsEscaped) return Decode(); // comparing would throw on half a surrogate pair
        foreach (var known in _names)
            if (_reader.ValueTextEquals(known)) return known;
        var name = Decode();
        if (_names.Count < MaxKnownNames) _names.Add(name);
        return name;
    }

    private readonly string Decode()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"'{Path}' {TextPosition.Describe(Path, Offset)}: a text that is not UTF-8.", e);
        }
    }

    /// <summary>Moves what is not read yet to the front and fills up behind it.</summary>
    private void Refill()
    {
        var consumed = _consumedBefore + (int)_reader.BytesConsumed;
        _consumedBefore = 0;
        var kept = _filled - consumed;
        if (kept == _buffer.Length) Grow();
        else _buffer.AsSpan(consumed, kept).CopyTo(_buffer);
        _bufferOffset += consumed;
        Fill(kept);
        _reader = new Utf8JsonReader(_buffer.AsSpan(0, _filled), _atEnd, _reader.CurrentState);
    }

    private void Fill(int kept)
    {
        var read = _stream.ReadAtLeast(_buffer.AsSpan(kept), _buffer.Length - kept, throwOnEndOfStream: false);
        _filled = kept + read;
        _atEnd = _filled < _buffer.Length;
    }

    private void Grow() // one token is longer than the buffer
    {
        if (_buffer.Length >= MaxTokenSize) throw new InvalidDataException($"'{Path}' {TextPosition.Describe(Path, _bufferOffset)}: a text of more than {MaxTokenSize:N0} bytes.");
        var larger = ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
