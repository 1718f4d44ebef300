namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads a COCO caption file in two passes: images, then captions, which may stand before them in the file.</summary>
internal sealed class CocoCaptionReader(string path, string imageFolder, DatasetReadOptions options)
{
    private const string Layout = "captions";
    private readonly RecordProblems _problems = new(path, options.OnInvalidRecord);
    private readonly List<CaptionSample> _samples = [];

    public CocoCaptions Read()
    {
        var images = new CocoImages(imageFolder, options, _problems);
        CocoSections.Read(path, Layout, _problems, ("images", images.Read));
        CocoSections.Read(path, Layout, _problems, ("annotations", (ref json, index) => ReadCaption(ref json, index, images)));
        return new(_samples, _problems.ToReport(clippedBoxes: 0));
    }

    private void ReadCaption(ref JsonFileReader json, int index, CocoImages images)
    {
        var offset = json.Offset;
        var record = CocoCaptionRecord.Read(ref json);
        if (record.Problem() is { } problem || !images.TryGet(record.ImageId!.Value, out var image, out problem))
            _problems.Add(CocoSections.Name("annotations", index, record.Id), offset, problem);
        else _samples.Add(new() { ImageId = image.ImageId, ImagePath = image.Path, Caption = record.Caption! });
    }
}
