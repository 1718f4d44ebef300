using System.Globalization;
using System.Xml.Linq;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads Flickr30k Entities (Plummer et al. 2015): sentences with marked phrases in "Sentences", boxes of each phrase's chain in "Annotations".</summary>
/// <remarks>Coordinates are taken as they stand. Phrases without a box (chain 0, scenes) have none here either.</remarks>
internal sealed class Flickr30kReader
{
    private static readonly string[] ImageFolders = ["flickr30k-images", "flickr30k_images", "images"];
    private readonly ReadLog _log;
    private readonly ImageFiles _images;

    private Flickr30kReader(ReadLog log)
    {
        _log = log;
        _images = new(log.Options.ImageFolder ?? ImageFolders.Select(name => Path.Combine(log.Path, name)).FirstOrDefault(Directory.Exists) ?? log.Path, log.Options);
    }

    /// <summary>A sample for each sentence, image by image in the order of the split or of file names.</summary>
    public static IEnumerable<DatasetSample> Read(ReadLog log)
    {
        if (!Directory.Exists(Path.Combine(log.Path, "Sentences"))) throw new DirectoryNotFoundException($"There is no folder 'Sentences' in '{log.Path}': it is not Flickr30k Entities.");
        var reader = new Flickr30kReader(log);
        return reader.Ids().SelectMany(reader.ReadImage);
    }

    private IEnumerable<string> Ids()
    {
        if (_log.Options.Split is not { } split)
            return Directory.GetFiles(Path.Combine(_log.Path, "Sentences"), "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);
        var list = Path.Combine(_log.Path, $"{split}.txt");
        if (!File.Exists(list)) throw new FileNotFoundException($"There is no list of the split '{split}': '{list}'.", list);
        return TextLines.Read(list, _log.Options.MaxRecordBytes).Select(line => line.Text.Trim()).Where(id => id.Length > 0);
    }

    private IEnumerable<DatasetSample> ReadImage(string id)
    {
        var (annotation, sentences) = (Path.Combine(_log.Path, "Annotations", $"{id}.xml"), Path.Combine(_log.Path, "Sentences", $"{id}.txt"));
        if (RelativePath.Clean(id) is null || !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return Wrong(_log.Path, $"'{id}' is no image's number");
        if (!File.Exists(annotation)) return Wrong(sentences, $"there is no '{annotation}'");
        if (!File.Exists(sentences)) return Wrong(annotation, $"there is no '{sentences}'");
        var root = SmallFile.ReadXml(annotation, _log.Options.MaxRecordBytes);
        if (VocObjects.SizeOf(root) is not { } size) return Wrong(annotation, "its size is missing or not positive");
        var name = root.Element("filename")?.Value.Trim() is { Length: > 0 } named ? named : $"{id}.jpg";
        if ((_images.Find(name, out var image) ?? _images.CheckSize(image, size.Width, size.Height)) is { } problem) return Wrong(annotation, problem);
        return ReadSentences(sentences, () => new(number, image, size.Width, size.Height), BoxesByChain(annotation, root, size.Width, size.Height));
    }

    private IEnumerable<DatasetSample> ReadSentences(string path, Func<SampleBuilder> start, ILookup<string, Box> boxes)
    {
        foreach (var (text, line) in TextLines.Read(path, _log.Options.MaxRecordBytes))
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            var sentence = EntitySentence.Parse(text);
            if (sentence is null)
            {
                _log.Problems.Add(() => $"'{path}' line {line}: a mark is not of the form [/EN#chain/type words]");
                continue;
            }
            var sample = start();
            foreach (var (chain, phrase) in sentence.Phrases)
                foreach (var box in boxes[chain]) sample.Add(box, phrase);
            yield return sample.ToSample(DatasetSampleKind.Grounding, sentence.Text);
        }
    }

    // An object can have several names: it belongs to several chains.
    private ILookup<string, Box> BoxesByChain(string path, XElement root, int width, int height)
    {
        var boxes = new List<(string Chain, Box Box)>();
        foreach (var item in root.Elements("object"))
        {
            if (item.Element("bndbox") is null) continue;
            var corners = VocObjects.CornersOf(item);
            var (box, problem) = (default(Box), "a bndbox that is not four numbers");
            if (corners is [var x0, var y0, var x1, var y1]) problem = _log.Fit(x0, y0, x1, y1, width, height, out box);
            if (problem is null) boxes.AddRange(item.Elements("name").Select(name => (name.Value.Trim(), box)));
            else Wrong(path, $"line {((System.Xml.IXmlLineInfo)item).LineNumber}: {problem}");
        }
        return boxes.ToLookup(b => b.Chain, b => b.Box);
    }

    private IEnumerable<DatasetSample> Wrong(string file, string problem)
    {
        _log.Problems.Add(() => $"'{file}': {problem}");
        return [];
    }
}
