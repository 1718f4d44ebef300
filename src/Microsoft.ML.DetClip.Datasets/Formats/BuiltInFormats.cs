namespace Microsoft.ML.DetClip.Datasets;

/// <summary>The formats that there are.</summary>
internal static class BuiltInFormats
{
    private const string Boxes = "boxes with categories";
    private const string Phrases = "captions, and boxes for phrases of them";
    private const string Pairs = "image-text pairs";
    private static readonly DataSetting[] NeedsImages = [DataSetting.NeededImages];
    private static readonly DataSetting[] MayHaveImages = [DataSetting.Images];

    public static IEnumerable<DatasetFormat> Create() => [.. CocoLike(), .. Grounding(), .. ImageText(), .. Tools()];

    private static DatasetFormat[] CocoLike() =>
    [
        new("coco", "FILE", Boxes, NeedsImages, p => p.IsCocoLike && p.Has("\"bbox\"") && !p.IsLvis && !p.IsObjects365 && !p.IsMdetr && !p.IsRoboflow, log => CocoReader.Read(log, CocoDialect.Coco)),
        new("lvis", "FILE", Boxes, NeedsImages, p => p.IsCocoLike && p.IsLvis, log => CocoReader.Read(log, CocoDialect.Lvis)),
        new("objects365", "FILE", Boxes, NeedsImages, p => p.IsCocoLike && p.IsObjects365 && !p.IsRoboflow, log => CocoReader.Read(log, CocoDialect.Objects365)),
        new("roboflow", "FOLDER", Boxes, MayHaveImages, p => p.IsRoboflow, log => CocoReader.Read(log.At(RoboflowFile(log.Path)), CocoDialect.Roboflow)),
    ];

    private static DatasetFormat[] Grounding() =>
    [
        new("coco-grounding", "FILE", "captions, and a box for each category that they name", [DataSetting.Instances, DataSetting.NeededImages], _ => false, CocoCaptions.ReadGrounded),
        new("goldg", "FILE", Phrases, NeedsImages, p => p.IsMdetr && !p.IsRefCoco, log => GoldGReader.Read(log, wholeCaption: false)),
        new("refcoco", "FILE", "sentences, and the box that each refers to", NeedsImages, p => p.IsMdetr && p.IsRefCoco, log => GoldGReader.Read(log, wholeCaption: true)),
        new("odvg", "FILE", $"{Boxes}, or {Phrases}", [DataSetting.NeededImages, DataSetting.Labels], p => p.Extension is ".jsonl" or ".json" && p.Has("\"filename\"") && (p.Has("\"detection\"") || p.Has("\"grounding\"")), OdvgReader.Read),
        new("flickr30k", "FOLDER", Phrases, [DataSetting.Images, DataSetting.Split], p => p.HasFolder("Sentences") && p.HasFolder("Annotations"), Flickr30kReader.Read),
    ];

    private static DatasetFormat[] ImageText() =>
    [
        new("coco-captions", "FILE", Pairs, NeedsImages, p => p.IsCocoLike && !p.Has("\"bbox\"") && p.Has("\"caption\"") && !p.IsMdetr, CocoCaptions.Read),
        new("cc3m", "FILE", Pairs, MayHaveImages, p => p.Extension == ".tsv", CaptionTable.Read),
        new("parquet", "FILE", Pairs, MayHaveImages, p => p.Extension == ".parquet" || p.HasFiles("*.parquet") && !p.HasFiles("*.tar*"), ParquetPairsReader.Read),
        new("webdataset", "FILE", Pairs, MayHaveImages, p => p.Extension is ".tar" or ".tgz" || p.Name.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase) || p.HasFiles("*.tar*"), WebDatasetReader.Read),
    ];

    private static DatasetFormat[] Tools() =>
    [
        new("label-studio", "FILE", Boxes, MayHaveImages, p => p.Extension == ".json" && p.BeginsWith('[') && p.Has("rectanglelabels"), LabelStudioReader.Read),
        new("voc", "FOLDER", Boxes, [DataSetting.Images, DataSetting.Split, DataSetting.Base], p => !p.HasFolder("Sentences") && (p.HasFiles("Annotations/*.xml") || p.HasFiles("annotations/*.xml") || p.HasFiles("*.xml")), VocReader.Read),
        new("vott", "FILE", Boxes, MayHaveImages, p => p.Extension == ".json" && p.Has("\"assets\"") && p.Has("\"tags\""), VottReader.Read),
        new("yolo", "FOLDER", Boxes, [DataSetting.Images, DataSetting.Split, DataSetting.Labels], p => p.IsFolder && YoloNames.FileIn(p.Path) is not null, YoloReader.Read),
    ];

    private static string RoboflowFile(string path) => Directory.Exists(path) ? System.IO.Path.Combine(path, DatasetProbe.RoboflowFile) : path;
}
