namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Captioned images in COCO's caption format (Chen et al. 2015, and cocodataset.org, "Data format"): some five sentences for each image.</summary>
public sealed class CocoCaptions
{
    internal CocoCaptions(IReadOnlyList<CaptionSample> samples, ReadReport report) => (Samples, Report) = (samples, report);

    /// <summary>One for each caption, in the order of the file.</summary>
    public IReadOnlyList<CaptionSample> Samples { get; }

    /// <summary>What was left out.</summary>
    public ReadReport Report { get; }

    /// <summary>Reads the captions. The images are not opened.</summary>
    /// <param name="annotationPath">A JSON file with "images" and "annotations", each of these with "image_id" and "caption".</param>
    /// <param name="imageFolder">The folder that each image's file_name starts from.</param>
    /// <param name="options">Null for the defaults: the first wrong record stops the reading.</param>
    /// <exception cref="FileNotFoundException">There is no annotation file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no image folder.</exception>
    /// <exception cref="InvalidDataException">The file is not JSON, is cut off or has another layout, or a record is wrong; the message says where and how.</exception>
    public static CocoCaptions Load(string annotationPath, string imageFolder, DatasetReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(annotationPath);
        ArgumentNullException.ThrowIfNull(imageFolder);
        var log = new ReadLog(annotationPath, (options ?? new()) with { ImageFolder = imageFolder });
        var samples = Read(log).Select(CaptionSample.From).ToArray();
        return new(samples, log.Report);
    }

    /// <summary>Reads captions and the boxes of the same images, and gives a box the words of a caption that name its category: what phrases of captions are to "grounding".</summary>
    /// <param name="annotationPath">Captions, as <see cref="Load"/> reads them.</param>
    /// <param name="instancesPath">Boxes, as <see cref="CocoDataset.Load"/> reads them; their images' ids are those of the captions.</param>
    /// <param name="imageFolder">The folder that each image's file_name starts from.</param>
    /// <param name="options">Null for the defaults: the first wrong record stops the reading.</param>
    /// <returns>A sample for each caption that names a boxed category in singular or plural, with all boxes of the categories it names, crowds aside.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no image folder.</exception>
    /// <exception cref="InvalidDataException">A file is not JSON, is cut off or has another layout, or a record is wrong; the message says where and how.</exception>
    public static CocoCaptions LoadGrounded(string annotationPath, string instancesPath, string imageFolder, DatasetReadOptions? options = null)
    {
        var log = new ReadLog(annotationPath, (options ?? new()) with { ImageFolder = imageFolder, InstancesFile = instancesPath });
        var samples = ReadGrounded(log).Select(CaptionSample.From).ToArray();
        return new(samples, log.Report);
    }

    /// <summary>A sample for each caption, in the order of the file.</summary>
    internal static IEnumerable<DatasetSample> Read(ReadLog log)
    {
        var images = new CocoImages(log.Options.ImageFolder ?? Path.GetDirectoryName(Path.GetFullPath(log.Path))!, log, CocoDialect.Coco);
        var captions = new List<(CocoImage Image, string Caption)>();
        CocoSections.Read(log.Path, "captions", log.Problems, ("images", images.Read));
        CocoSections.Read(log.Path, "captions", log.Problems, ("annotations", (ref json, index) =>
        {
            var offset = json.Offset;
            var record = CocoCaptionRecord.Read(ref json);
            if (record.Problem() is { } problem || !images.TryGet(record.ImageId!.Value, out var image, out problem))
                log.Problems.Add(CocoSections.Name("annotations", index, record.Id), offset, problem);
            else captions.Add((image, record.Caption!));
        }
        ));
        return captions.Select(c => new DatasetSample
        {
            ImageId = c.Image.Id, Kind = DatasetSampleKind.Pairs, ImagePath = c.Image.File, Width = c.Image.Width, Height = c.Image.Height, Caption = c.Caption,
        });
    }

    /// <summary>A sample for each caption that names a category boxed on its image.</summary>
    internal static IEnumerable<DatasetSample> ReadGrounded(ReadLog log)
    {
        var captions = Read(log);
        var boxes = new ReadLog(log.Options.InstancesFile ?? throw new ArgumentException("Captions are grounded in boxes: InstancesFile must name a COCO detection file."), log.Options);
        var images = CocoReader.Read(boxes, CocoDialect.Coco).ToDictionary(sample => sample.ImageId);
        log.Add(boxes.Report);
        return captions
            .Where(caption => images.ContainsKey(caption.ImageId))
            .Select(caption => CaptionGrounding.Ground(caption, images[caption.ImageId]))
            .Where(caption => caption.Boxes.Count > 0);
    }
}
