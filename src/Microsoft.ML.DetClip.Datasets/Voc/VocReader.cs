using System.Xml;
using System.Xml.Linq;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads the XML files of a folder in PASCAL VOC's layout, one after the other.</summary>
internal sealed class VocReader
{
    private static readonly string[] ImageFolders = ["JPEGImages", "images", "Images"];
    private static readonly string[] AnnotationFolders = ["Annotations", "annotations"];
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp"];

    private readonly ReadLog _log;
    private readonly string _imageFolder;
    private readonly ImageFiles _images;
    private long _count;

    private VocReader(ReadLog log)
    {
        _log = log;
        _imageFolder = log.Options.ImageFolder ?? ExistingBelow(log.Path, ImageFolders);
        _images = new(_imageFolder, log.Options);
    }

    /// <summary>A sample for each annotation.</summary>
    public static IEnumerable<DatasetSample> Read(ReadLog log)
    {
        if (!Directory.Exists(log.Path)) throw new DirectoryNotFoundException($"There is no folder '{log.Path}'.");
        var reader = new VocReader(log);
        foreach (var file in reader.Files())
            if (reader.ReadFile(file) is { } sample) yield return sample;
    }

    private string[] Files()
    {
        var annotations = ExistingBelow(_log.Path, AnnotationFolders);
        if (_log.Options.Split is not { } split)
        {
            var all = Directory.GetFiles(annotations, "*.xml").Order(StringComparer.Ordinal).ToArray();
            return all.Length > 0 ? all : throw new InvalidDataException($"'{annotations}' holds no XML files: it is not a data set in PASCAL VOC's layout.");
        }
        var list = Path.Combine(_log.Path, "ImageSets", "Main", $"{split}.txt");
        if (!File.Exists(list)) throw new FileNotFoundException($"There is no list of the split '{split}': '{list}'.", list);
        var names = TextLines.Read(list, _log.Options.MaxRecordBytes).Select(line => line.Text.Trim()).Where(name => name.Length > 0);
        var listed = names.Select(name => Path.Combine(annotations, $"{RelativePath.Clean(name) ?? throw Leaves(list, name)}.xml")).ToArray();
        return listed.FirstOrDefault(file => !File.Exists(file)) is { } missing ? throw new FileNotFoundException($"'{list}' lists an image without annotation: there is no '{missing}'.", missing) : listed;
    }

    private static InvalidDataException Leaves(string list, string name) => new($"'{list}' lists '{name}', which leaves the folder.");

    private DatasetSample? ReadFile(string file)
    {
        var root = SmallFile.ReadXml(file, _log.Options.MaxRecordBytes);
        if (VocObjects.SizeOf(root) is not { } size) return Wrong(file, root, "its size is missing or not positive");
        if ((FindImage(root, file, out var image) ?? _images.CheckSize(image, size.Width, size.Height)) is { } problem) return Wrong(file, null, problem);
        var sample = new SampleBuilder(++_count, image, size.Width, size.Height);
        foreach (var item in root.Elements("object"))
            if (AddObject(item, sample) is { } wrong) Wrong(file, item, wrong);
        return sample.ToSample();
    }

    private DatasetSample? Wrong(string file, XElement? element, string problem)
    {
        _log.Problems.Add(() => $"'{file}'{(element is IXmlLineInfo line ? $" line {line.LineNumber}" : "")}: {problem}");
        return null;
    }

    // Names in these files often have another ending than the images.
    private string? FindImage(XElement root, string file, out string image)
    {
        var named = Path.GetFileName(root.Element("filename")?.Value.Trim().Replace('\\', '/') ?? "");
        if (named.Length == 0) named = Path.GetFileNameWithoutExtension(file) + Extensions[0];
        if (_images.Find(named, out image) is not { } problem) return null;
        string[] stems = [Path.GetFileNameWithoutExtension(named), Path.GetFileNameWithoutExtension(file)];
        foreach (var name in stems.SelectMany(stem => Extensions.Select(extension => stem + extension)))
            if (_images.Find(name, out image) is null) return null;
        return problem.StartsWith("its path", StringComparison.Ordinal) ? problem : $"there is no image '{Path.Combine(_imageFolder, named)}'";
    }

    /// <returns>What is wrong; null when the object was added.</returns>
    private string? AddObject(XElement item, SampleBuilder sample)
    {
        if (item.Element("name")?.Value.Trim() is not { Length: > 0 } name) return "an object without a name";
        if (VocObjects.CornersOf(item) is not [var x0, var y0, var x1, var y1]) return $"the object '{name}' has no bndbox of four numbers: xmin, ymin, xmax, ymax";
        var first = _log.Options.OneBased ? 1 : 0;
        if (_log.Fit(x0 - first, y0 - first, x1, y1, sample.Width, sample.Height, out var box) is { } problem) return $"'{name}': {problem}";
        sample.Add(box, name, isCrowd: VocObjects.Number(item.Element("difficult")) is > 0);
        return null;
    }

    private static string ExistingBelow(string folder, string[] names) =>
        names.Select(name => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists) ?? folder;
}
