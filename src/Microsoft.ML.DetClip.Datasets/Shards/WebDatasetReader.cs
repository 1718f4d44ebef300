using System.Text;
using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads shards of WebDataset as img2dataset writes them: tar files (ustar, PAX or GNU, plain or gzip) in which consecutive members of one key form a sample.</summary>
/// <remarks>A list "phrases" in a sample's .json holds the phrases of its caption, unless the options have them looked for.</remarks>
internal sealed class WebDatasetReader(ReadLog log)
{
    private static readonly string[] ImageExtensions = ["jpg", "jpeg", "png", "webp"];
    private long _count;

    /// <summary>A sample for each image with a caption, shard by shard.</summary>
    public static IEnumerable<DatasetSample> Read(ReadLog log)
    {
        var reader = new WebDatasetReader(log);
        return ShardFiles.Of(log.Path, ".tar", ".tar.gz", ".tgz").SelectMany(reader.ReadShard);
    }

    private IEnumerable<DatasetSample> ReadShard(string path)
    {
        string? key = null;
        var parts = new Dictionary<string, (string Name, byte[] Bytes)>();
        using var tar = new TarMembers(path, log);
        while (tar.Next() is { } member)
        {
            var (memberKey, extension) = Split(member.Name);
            if (memberKey != key && parts.Count > 0)
            {
                if (ToSample(path, key!, parts) is { } sample) yield return sample;
                parts.Clear();
            }
            key = memberKey;
            if (!parts.TryAdd(extension, member)) Wrong(path, member.Name, "the member occurs twice");
        }
        if (parts.Count > 0 && ToSample(path, key!, parts) is { } last) yield return last;
    }

    /// <summary>The key is all before the first dot of the name without its folders.</summary>
    private static (string Key, string Extension) Split(string name)
    {
        var dot = name.IndexOf('.', name.LastIndexOf('/') + 1);
        return dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..].ToLowerInvariant());
    }

    private DatasetSample? ToSample(string path, string key, Dictionary<string, (string Name, byte[] Bytes)> parts)
    {
        if (ImageExtensions.FirstOrDefault(parts.ContainsKey) is not { } extension) return parts.Keys.Any(e => e is "json" or "txt") ? Wrong(path, key, "it has no image") : null;
        try
        {
            using var json = parts.TryGetValue("json", out var metadata) ? JsonDocument.Parse(metadata.Bytes) : null;
            var caption = parts.TryGetValue("txt", out var text) ? Utf8.GetString(text.Bytes) : json?.RootElement.Text("caption");
            if (string.IsNullOrWhiteSpace(caption)) return Wrong(path, key, "it has no caption: no .txt, and no 'caption' in its .json");
            return ShardImages.Place(log, path, parts[extension].Name, parts[extension].Bytes, new()
            {
                ImageId = ++_count, Kind = DatasetSampleKind.Pairs, ImagePath = "", Caption = caption.Trim(),
                Labels = [.. json?.RootElement.Items("phrases").Select(phrase => phrase.Text()?.Trim() ?? "").Where(phrase => phrase.Length > 0) ?? []],
                Width = json?.RootElement.Size("width") ?? 0, Height = json?.RootElement.Size("height") ?? 0,
            });
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            return Wrong(path, key, $"its .json or .txt is damaged: {e.Message}");
        }
    }

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private DatasetSample? Wrong(string path, string key, string problem)
    {
        log.Problems.Add(() => $"'{path}', sample '{key}': {problem}");
        return null;
    }
}
