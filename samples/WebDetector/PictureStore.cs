using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace WebDetector;

/// <summary>A picture that questions are asked about.</summary>
/// <param name="Encoded">The image file.</param>
/// <param name="Width">In pixels, upright.</param>
/// <param name="Height">In pixels, upright.</param>
internal sealed record Picture(byte[] Encoded, int Width, int Height);

/// <summary>Pictures in memory, and nowhere else: bounded in bytes and in time, the least recently used go first. Thread-safe.</summary>
internal sealed class PictureStore(IOptions<WebDetectorOptions> options, TimeProvider time)
{
    private readonly long _maxBytes = options.Value.KeptBytes;
    private readonly TimeSpan _maxAge = TimeSpan.FromMinutes(options.Value.KeptMinutes);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> _byId = [];
    private readonly LinkedList<Kept> _byUse = []; // least recently used first
    private long _bytes;

    /// <summary>Keeps a picture.</summary>
    /// <returns>An id that nobody can guess: who has it may ask about the picture.</returns>
    public string Add(Picture picture)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        lock (_lock)
        {
            _byId[id] = _byUse.AddLast(new Kept(id, picture, time.GetTimestamp()));
            _bytes += picture.Encoded.Length;
            ForgetOld();
        }
        return id;
    }

    /// <summary>Finds a picture that is still kept.</summary>
    public bool TryGet(string id, [NotNullWhen(true)] out Picture? picture)
    {
        lock (_lock)
        {
            ForgetOld();
            picture = null;
            if (!_byId.TryGetValue(id, out var node)) return false;
            _byUse.Remove(node);
            node.Value = node.Value with { UsedAt = time.GetTimestamp() };
            _byUse.AddLast(node);
            picture = node.Value.Picture;
            return true;
        }
    }

    private void ForgetOld()
    {
        while (_byUse.First is { Value: var oldest } && (_bytes > _maxBytes || time.GetElapsedTime(oldest.UsedAt) > _maxAge))
        {
            _byUse.RemoveFirst();
            _byId.Remove(oldest.Id);
            _bytes -= oldest.Picture.Encoded.Length;
        }
    }

    private sealed record Kept(string Id, Picture Picture, long UsedAt);
}
