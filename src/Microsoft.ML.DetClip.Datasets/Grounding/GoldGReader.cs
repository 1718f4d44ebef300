namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads MDETR's files (Kamath et al. 2021), COCO-like with an image for each caption: GoldG's flickr and mixed parts, and RefCOCO, RefCOCO+ and RefCOCOg.</summary>
internal sealed class GoldGReader
{
    // MDETR's converters write sizes taken from XML as strings.
    private static readonly CocoDialect Dialect = new() { TakesTextAsNumber = true };
    private readonly ReadLog _log;
    private readonly bool _wholeCaption;
    private readonly CocoImages _images;
    private readonly BoxIndex _boxes = new();
    private readonly List<string> _phrases = [];
    private readonly Dictionary<string, int> _phraseNumbers = [];
    private readonly IdSet _annotations = new();

    private GoldGReader(ReadLog log, bool wholeCaption)
    {
        (_log, _wholeCaption) = (log, wholeCaption);
        _images = new(log.Options.ImageFolder ?? Path.GetDirectoryName(Path.GetFullPath(log.Path))!, log, Dialect);
    }

    /// <summary>A sample for each caption, in the order of the file.</summary>
    /// <param name="log">The file and its options.</param>
    /// <param name="wholeCaption">The whole caption is what a box shows, as in referring expressions; else the words that "tokens_positive" points to.</param>
    public static IEnumerable<DatasetSample> Read(ReadLog log, bool wholeCaption)
    {
        RefusePickle(log.Path);
        var reader = new GoldGReader(log, wholeCaption);
        CocoSections.Read(log.Path, "grounding", log.Problems, ("images", reader._images.Read));
        CocoSections.Read(log.Path, "grounding", log.Problems, ("annotations", reader.ReadAnnotation));
        foreach (var image in reader._images.All) yield return reader.SampleOf(image);
    }

    private static void RefusePickle(string path)
    {
        if (Path.GetExtension(path) is not (".p" or ".pkl" or ".pickle")) return;
        throw new InvalidDataException($"'{path}' is a Python pickle, which can run code when it is read, and is not read here; use MDETR's JSON of the same data, such as finetune_refcoco_train.json.");
    }

    private DatasetSample SampleOf(CocoImage image)
    {
        var boxes = _boxes.Of(image.Boxes).ToArray();
        return new()
        {
            ImageId = image.Id, Kind = DatasetSampleKind.Grounding, ImagePath = image.File, Width = image.Width, Height = image.Height, Caption = image.Caption ?? "",
            Boxes = [.. boxes.Select(b => b.Box)], Labels = [.. boxes.Select(b => _phrases[b.Label])], IsCrowd = [.. boxes.Select(b => b.IsCrowd)],
        };
    }

    private void ReadAnnotation(ref JsonFileReader json, int index)
    {
        var offset = json.Offset;
        var record = CocoAnnotationRecord.Read(ref json);
        record.CategoryId ??= 0;
        if ((record.Problem() ?? AddBox(record)) is { } problem) _log.Problems.Add(CocoSections.Name("annotations", index, record.Id), offset, problem);
    }

    /// <returns>What is wrong; null when the box was added.</returns>
    private string? AddBox(in CocoAnnotationRecord record)
    {
        if (!_images.TryGet(record.ImageId!.Value, out var image, out var problem)) return problem;
        if (string.IsNullOrWhiteSpace(image.Caption)) return $"its image {image.Id} has no caption";
        if (PhrasesOf(record, image.Caption, out var phrases) is { } wrong) return wrong;
        if (record.Fit(_log, image, out var box) is { } outside) return outside;
        if (!_annotations.Add(record.Id!.Value)) return "the id occurs twice";
        foreach (var phrase in phrases) _boxes.Add(ref image.Boxes, box, NumberOf(phrase), record.IsCrowd);
        return null;
    }

    private string? PhrasesOf(in CocoAnnotationRecord record, string caption, out IReadOnlyList<string> phrases)
    {
        phrases = [caption.Trim()];
        if (_wholeCaption) return null;
        if (record.Spans is not { Length: > 0 } spans) return "tokens_positive is missing or empty";
        var parts = new List<string>();
        foreach (var span in spans)
            if (span is [var start, var end] && CodePoints.Slice(caption, start, end) is { } part) parts.Add(part);
            else return $"tokens_positive [{string.Join(", ", span)}] is no part of the caption '{caption}'";
        phrases = [.. parts.Distinct()];
        return null;
    }

    private int NumberOf(string phrase)
    {
        if (_phraseNumbers.TryGetValue(phrase, out var number)) return number;
        _phrases.Add(phrase);
        return _phraseNumbers[phrase] = _phrases.Count - 1;
    }
}
