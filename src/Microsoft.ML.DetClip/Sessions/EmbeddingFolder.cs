using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.DetClip;

/// <summary>Embeddings of sentences on disk, a small file for each. Processes may share the folder: files are complete or absent, and the same content has the same name.</summary>
/// <remarks>
/// A file's name is the SHA-256 of the text encoder's hash and the sentence; its content "DCEM", D, the embedding as float32, and the SHA-256 of all that; little-endian.
/// What goes wrong is told once and does no harm: the sentence is encoded again.
/// </remarks>
/// <param name="folder">Made when it is missing.</param>
/// <param name="textEncoderHash">Of <see cref="DetectorManifest.TextEncoderHash"/>.</param>
/// <param name="width">D.</param>
/// <param name="warn">Called with what went wrong, once for reading and once for writing.</param>
internal sealed class EmbeddingFolder(string folder, string textEncoderHash, int width, Action<string> warn)
{
    private const int HeaderLength = 8;

    private static ReadOnlySpan<byte> Magic => "DCEM"u8;

    private bool _hasWarned;
    private bool _cannotWrite;

    private int Length => HeaderLength + width * sizeof(float) + SHA256.HashSizeInBytes;

    /// <summary>The embedding of a sentence, [D]; null when there is none, or a damaged one.</summary>
    public float[]? Find(string sentence)
    {
        var path = PathOf(sentence);
        try
        {
            if (!File.Exists(path)) return null;
            if (Decode(File.ReadAllBytes(path)) is { } embedding) return embedding;
            Warn($"'{path}' is damaged and is written anew.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Warn($"The embedding cache cannot be read: {e.Message}");
        }
        return null;
    }

    /// <summary>Remembers an embedding, [D].</summary>
    public void Keep(string sentence, ReadOnlySpan<float> embedding)
    {
        if (_cannotWrite) return;
        try
        {
            var bytes = Encode(embedding);
            AtomicFile.Write(PathOf(sentence), stream => stream.Write(bytes), toDisk: false); // what a crash leaves half-written is found out by its hash
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _cannotWrite = true;
            Warn($"The embedding cache cannot be written: {e.Message}");
        }
    }

    private string PathOf(string sentence)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{textEncoderHash.ToLowerInvariant()}\n{sentence}")));
        return Path.Combine(folder, name[..2], name + ".embedding");
    }

    private byte[] Encode(ReadOnlySpan<float> embedding)
    {
        var bytes = new byte[Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Magic.Length), width);
        MemoryMarshal.AsBytes(embedding).CopyTo(bytes.AsSpan(HeaderLength));
        SHA256.HashData(bytes.AsSpan(..^SHA256.HashSizeInBytes), bytes.AsSpan(^SHA256.HashSizeInBytes..));
        return bytes;
    }

    private float[]? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadInt32LittleEndian(bytes[Magic.Length..]) != width) return null;
        var content = bytes[..^SHA256.HashSizeInBytes];
        return SHA256.HashData(content).AsSpan().SequenceEqual(bytes[content.Length..]) ? MemoryMarshal.Cast<byte, float>(content[HeaderLength..]).ToArray() : null;
    }

    private void Warn(string message)
    {
        if (!_hasWarned) warn(message);
        _hasWarned = true;
    }
}
