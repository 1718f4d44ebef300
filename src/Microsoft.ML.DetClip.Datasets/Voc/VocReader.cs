using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads the XML files of a folder in PASCAL VOC's layout.</summary>
internal sealed class VocReader(string folder, VocReadOptions options)
{
    private static readonly string[] ImageFolders = ["JPEGImages", "images", "Images"];
    private static readonly string[] AnnotationFolders = ["Annotations", "annotations"];
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".JPG", ".JPEG", ".PNG", ".bmp", ".webp"];

    private readonly RecordProblems _problems = new(folder, options.Records.OnInvalidRecord);
    private readonly string _images = options.ImageFolder ?? ExistingBelow(folder, ImageFolders);
    private readonly List<DetectionSample> _samples = [];
    private int _clippedBoxes;

    public VocDataset Read()
    {
        foreach (var file in Files())
            if (ReadFile(file) is { } problem) _problems.Add(() => $"'{file}': {problem}");
        return new(_samples, _problems.ToReport(_clippedBoxes));
    }

    private string[] Files()
    {
        var annotations = ExistingBelow(folder, AnnotationFolders);
        if (options.Split is not { } split)
        {
            var all = Directory.GetFiles(annotations, "*.xml").Order(StringComparer.Ordinal).ToArray();
            return all.Length > 0 ? all : throw new InvalidDataException($"'{annotations}' holds no XML files: it is not a data set in PASCAL VOC's layout.");
        }
        var list = Path.Combine(folder, "ImageSets", "Main", $"{split}.txt");
        if (!File.Exists(list)) throw new FileNotFoundException($"There is no list of the split '{split}': '{list}'.", list);
        var listed = File.ReadLines(list).Select(line => line.Trim()).Where(name => name.Length > 0).Select(name => Path.Combine(annotations, $"{name}.xml")).ToArray();
        if (listed.FirstOrDefault(file => !File.Exists(file)) is { } missing)
            throw new FileNotFoundException($"'{list}' lists an image without annotation: there is no '{missing}'.", missing);
        return listed;
    }

    /// <returns>Why the image is left out; null when it was read.</returns>
    private string? ReadFile(string file)
    {
        XElement root;
        try
        {
            root = XElement.Load(file, LoadOptions.SetLineInfo);
        }
        catch (XmlException e)
        {
            throw new InvalidDataException($"'{file}': not XML, or cut off: {e.Message}", e);
        }
        if (Number(root.Element("size")?.Element("width")) is not > 0 || Number(root.Element("size")?.Element("height")) is not > 0) return "its size is missing or not positive";
        if (ImageOf(root, file) is not { } image) return $"there is no image '{Path.Combine(_images, root.Element("filename")?.Value.Trim() ?? Path.GetFileNameWithoutExtension(file))}'";
        var sample = new SampleBuilder(_samples.Count + 1, image, (int)Number(root.Element("size")!.Element("width"))!, (int)Number(root.Element("size")!.Element("height"))!);
        foreach (var item in root.Elements("object"))
            if (AddObject(item, sample) is { } problem) _problems.Add(() => $"'{file}' line {((IXmlLineInfo)item).LineNumber}: {problem}");
        _samples.Add(sample.ToSample());
        return null;
    }

    // Names in these files often have another ending, or other capitals, than the images.
    private string? ImageOf(XElement root, string file)
    {
        var named = Path.Combine(_images, Path.GetFileName(root.Element("filename")?.Value.Trim().Replace('\\', '/') ?? ""));
        if (!options.Records.CheckImageFiles || File.Exists(named)) return named;
        string[] stems = [Path.Combine(_images, Path.GetFileNameWithoutExtension(named)), Path.Combine(_images, Path.GetFileNameWithoutExtension(file))];
        return stems.SelectMany(stem => Extensions.Select(extension => stem + extension)).FirstOrDefault(File.Exists);
    }

    /// <returns>What is wrong; null when the object was added.</returns>
    private string? AddObject(XElement item, SampleBuilder sample)
    {
        if (item.Element("name")?.Value.Trim() is not { Length: > 0 } name) return "an object without a name";
        var sides = new[] { "xmin", "ymin", "xmax", "ymax" }.Select(side => Number(item.Element("bndbox")?.Element(side))).ToArray();
        if (sides is not [{ } x0, { } y0, { } x1, { } y1]) return $"the object '{name}' has no bndbox of four numbers: xmin, ymin, xmax, ymax";
        var first = options.OneBased ? 1 : 0;
        var box = new Box((float)x0 - first, (float)y0 - first, (float)x1, (float)y1);
        var inside = box.ClipTo(sample.Width, sample.Height);
        if (inside.Area <= 0) return FormattableString.Invariant($"the box of '{name}' ({x0}, {y0}, {x1}, {y1}) has no area inside its image of {sample.Width} × {sample.Height} pixels");
        if (inside != box) _clippedBoxes++;
        sample.Add(inside, name, isCrowd: Number(item.Element("difficult")) is > 0);
        return null;
    }

    private static double? Number(XElement? element) =>
        double.TryParse(element?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static string ExistingBelow(string folder, string[] names) =>
        names.Select(name => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists) ?? folder;
}
