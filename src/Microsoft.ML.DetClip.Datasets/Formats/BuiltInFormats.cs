namespace Microsoft.ML.DetClip.Datasets;

/// <summary>The formats that there are.</summary>
internal static class BuiltInFormats
{
    private const string Boxes = "boxes with categories";
    private const string Phrases = "captions, and boxes for phrases of them";
    private const string Pairs = "image-text pairs";
    private const DatasetContent Usual = DatasetContent.ImageNames | DatasetContent.CategoryNames | DatasetContent.EmptyImages;
    private const DatasetContent Coco = Usual | DatasetContent.ImageIds | DatasetContent.ImageSizes | DatasetContent.ImageFolders
        | DatasetContent.CategoryIds | DatasetContent.UnusedCategories;

    private static readonly DataSetting[] NeedsImages = [DataSetting.NeededImages];
    private static readonly DataSetting[] MayHaveImages = [DataSetting.Images];

    public static IEnumerable<DatasetFormat> Create() => [.. CocoLike(), .. Grounding(), .. ImageText(), .. Tools()];

    private static DatasetFormat[] CocoLike() =>
    [
        new("coco", "FILE", Boxes, NeedsImages, p => p.IsCoco, log => CocoReader.Read(log, CocoDialect.Coco))
        {
            Writer = CocoFile.WriteCoco, Holds = Coco | DatasetContent.Crowds,
        },
        new("coco-results", "FILE", "detections of a detector", [], _ => false, RefuseResults)
        {
            CanRead = false, Writer = CocoFile.WriteResults, Holds = DatasetContent.ImageIds | DatasetContent.CategoryIds,
        },
        new("lvis", "FILE", Boxes, NeedsImages, p => p.IsLvis, log => CocoReader.Read(log, CocoDialect.Lvis))
        {
            Writer = CocoFile.WriteLvis, Holds = Coco | DatasetContent.CategoryDetails | DatasetContent.AbsentLabels,
        },
        new("objects365", "FILE", Boxes, NeedsImages, p => p.IsObjects365, log => CocoReader.Read(log, CocoDialect.Objects365)),
        new("roboflow", "FOLDER", Boxes, MayHaveImages, p => p.IsRoboflow, log => CocoReader.Read(log.At(RoboflowFile(log.Path)), CocoDialect.Roboflow)),
    ];

    private static DatasetFormat[] Grounding() =>
    [
        new("coco-grounding", "FILE", "captions, and a box for each category that they name",
            [DataSetting.Instances, DataSetting.NeededImages], _ => false, CocoCaptions.ReadGrounded),
        new("goldg", "FILE", Phrases, NeedsImages, p => p.IsMdetr && !p.IsRefCoco, log => GoldGReader.Read(log, wholeCaption: false)),
        new("refcoco", "FILE", "sentences, and the box that each refers to", NeedsImages, p => p.IsMdetr && p.IsRefCoco, log => GoldGReader.Read(log, wholeCaption: true)),
        new("odvg", "FILE", $"{Boxes}, or {Phrases}", [DataSetting.NeededImages, DataSetting.Labels], p => p.IsOdvg, OdvgReader.Read)
        {
            Writer = OdvgFile.Write,
            Holds = Usual | DatasetContent.ImageSizes | DatasetContent.ImageFolders | DatasetContent.UnusedCategories | DatasetContent.Captions,
        },
        new("flickr30k", "FOLDER", Phrases, [DataSetting.Images, DataSetting.Split], p => p.IsFlickr30k, Flickr30kReader.Read),
    ];

    private static DatasetFormat[] ImageText() =>
    [
        new("coco-captions", "FILE", Pairs, [DataSetting.NeededImages, DataSetting.Phrases], p => p.IsCocoCaptions, CocoCaptions.Read),
        new("cc3m", "FILE", Pairs, [DataSetting.Images, DataSetting.Phrases], p => p.Extension == ".tsv", CaptionTable.Read),
        new("parquet", "FILE", Pairs, [DataSetting.Images, DataSetting.Phrases], p => p.IsParquet, ParquetPairsReader.Read),
        new("webdataset", "FILE", Pairs, [DataSetting.Images, DataSetting.Phrases], p => p.IsWebDataset, WebDatasetReader.Read),
    ];

    private static DatasetFormat[] Tools() =>
    [
        new("label-studio", "FILE", Boxes, MayHaveImages, p => p.IsLabelStudio, LabelStudioReader.Read)
        {
            Writer = LabelStudioFile.Write, Holds = Usual | DatasetContent.ImageIds | DatasetContent.ImageSizes | DatasetContent.ReviewMarks,
        },
        new("voc", "FOLDER", Boxes, [DataSetting.Images, DataSetting.Split, DataSetting.Base], p => p.IsVoc, VocReader.Read)
        {
            Writer = VocFolder.Write, Holds = Usual | DatasetContent.ImageSizes | DatasetContent.Crowds | DatasetContent.ReviewMarks,
        },
        new("vott", "FILE", Boxes, MayHaveImages, p => p.IsVott, VottReader.Read)
        {
            Writer = VottFile.Write, Holds = Usual | DatasetContent.ImageSizes | DatasetContent.UnusedCategories | DatasetContent.ReviewMarks,
        },
        new("yolo", "FOLDER", Boxes, [DataSetting.Images, DataSetting.Split, DataSetting.Labels], p => p.IsYolo, YoloReader.Read)
        {
            Writer = YoloFolder.Write, Holds = Usual | DatasetContent.ImageFolders | DatasetContent.UnusedCategories,
        },
    ];

    private static IEnumerable<DatasetSample> RefuseResults(ReadLog log) => throw new InvalidDataException(
        $"'{log.Path}' is read as COCO results, which are detections without names or sizes of images, not a data set; evaluators read them.");

    private static string RoboflowFile(string path) => Directory.Exists(path) ? Path.Combine(path, DatasetProbe.RoboflowFile) : path;
}
