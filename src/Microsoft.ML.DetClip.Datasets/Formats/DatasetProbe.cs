using System.Text;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What formats look at to know their own: names, and both ends of a file.</summary>
internal sealed class DatasetProbe(string path)
{
    /// <summary>What Roboflow calls its files.</summary>
    public const string RoboflowFile = "_annotations.coco.json";
    private const int Looked = 1 << 16;
    private readonly Lazy<string> _text = new(() => File.Exists(path) ? Ends(path) : "");

    public string Path => path;

    public string Name => System.IO.Path.GetFileName(path);

    public string Extension => System.IO.Path.GetExtension(path).ToLowerInvariant();

    public bool IsFolder => Directory.Exists(path);

    public bool IsCocoLike => Extension == ".json" && BeginsWith('{') && Has("\"images\"") && Has("\"file_name\"", "\"coco_url\"");

    public bool IsLvis => Has("\"not_exhaustive_category_ids\"", "\"neg_category_ids\"");

    public bool IsObjects365 => Has("obj365_", "objects365_", "\"isfake\"");

    public bool IsMdetr => IsCocoLike && Has("\"tokens_positive\"", "\"tokens_negative\"");

    public bool IsRefCoco => Has("\"dataset_name\": \"refcoco", "\"dataset_name\":\"refcoco");

    public bool IsRoboflow => Name == RoboflowFile || HasFiles(RoboflowFile);

    /// <summary>Whether one of the texts stands near the file's beginning or end.</summary>
    public bool Has(params string[] texts) => texts.Any(text => _text.Value.Contains(text, StringComparison.Ordinal));

    public bool BeginsWith(char c) => _text.Value.TrimStart('\uFEFF', ' ', '\n', '\r', '\t').StartsWith(c);

    public bool HasFolder(string name) => Directory.Exists(System.IO.Path.Combine(path, name));

    public bool HasFiles(string pattern)
    {
        var folder = System.IO.Path.Combine(path, System.IO.Path.GetDirectoryName(pattern)!);
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, System.IO.Path.GetFileName(pattern)).Any();
    }

    private static string Ends(string path)
    {
        using var stream = File.OpenRead(path);
        var bytes = new byte[2 * Looked];
        var count = stream.ReadAtLeast(bytes.AsSpan(0, Looked), Looked, throwOnEndOfStream: false);
        stream.Position = Math.Max(stream.Position, stream.Length - Looked);
        count += stream.ReadAtLeast(bytes.AsSpan(count, Looked), Looked, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(bytes, 0, count);
    }
}
