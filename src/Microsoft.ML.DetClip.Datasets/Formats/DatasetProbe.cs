using System.Text;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What formats look at to know their own: names, and both ends of a file.</summary>
internal sealed class DatasetProbe(string path)
{
    /// <summary>What Roboflow calls its files.</summary>
    public const string RoboflowFile = "_annotations.coco.json";
    private const int Looked = 1 << 16;
    private readonly Lazy<string> _text = new(() => File.Exists(path) ? Ends(path) : "");

    private string Name => Path.GetFileName(path);

    public string Extension => Path.GetExtension(path).ToLowerInvariant();

    public bool IsCoco => IsCocoLike && Has("\"bbox\"") && !IsLvis && !IsObjects365 && !IsMdetr;

    public bool IsCocoCaptions => IsCocoLike && !Has("\"bbox\"") && Has("\"caption\"") && !IsMdetr;

    public bool IsLvis => IsCocoLike && Has("\"not_exhaustive_category_ids\"", "\"neg_category_ids\"");

    public bool IsObjects365 => IsCocoLike && Has("obj365_", "objects365_", "\"isfake\"");

    public bool IsMdetr => IsCocoLike && Has("\"tokens_positive\"", "\"tokens_negative\"");

    public bool IsRefCoco => Has("\"dataset_name\": \"refcoco", "\"dataset_name\":\"refcoco");

    public bool IsRoboflow => Name == RoboflowFile || HasFiles(RoboflowFile);

    public bool IsOdvg => Extension is ".jsonl" or ".json" && BeginsWith('{') && Has("\"filename\"") && Has("\"detection\"", "\"grounding\"");

    public bool IsFlickr30k => HasFolder("Sentences") && HasFolder("Annotations");

    public bool IsParquet => Extension == ".parquet" || HasFiles("*.parquet") && !HasFiles("*.tar*");

    public bool IsWebDataset => Extension is ".tar" or ".tgz" || Name.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase) || HasFiles("*.tar*");

    public bool IsLabelStudio => Extension == ".json" && BeginsWith('[') && Has("rectanglelabels");

    public bool IsVoc => !IsFlickr30k && (HasFiles("Annotations/*.xml") || HasFiles("annotations/*.xml") || HasFiles("*.xml"));

    public bool IsVott => Extension == ".json" && Has("\"assets\"") && Has("\"tags\"");

    public bool IsYolo => Directory.Exists(path) && YoloNames.FileIn(path) is not null;

    // Roboflow's files are COCO's, but for their names.
    private bool IsCocoLike => Extension == ".json" && BeginsWith('{') && Has("\"images\"") && Has("\"file_name\"", "\"coco_url\"") && !IsRoboflow;

    /// <summary>Whether one of the texts stands near the file's beginning or end.</summary>
    private bool Has(params string[] texts) => texts.Any(text => _text.Value.Contains(text, StringComparison.Ordinal));

    private bool BeginsWith(char c) => _text.Value.TrimStart('\uFEFF', ' ', '\n', '\r', '\t').StartsWith(c);

    private bool HasFolder(string name) => Directory.Exists(Path.Combine(path, name));

    private bool HasFiles(string pattern)
    {
        var folder = Path.Combine(path, Path.GetDirectoryName(pattern)!);
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, Path.GetFileName(pattern)).Any();
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
