namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A data set in COCO's detection format: images, boxes with categories. Lin et al. 2014, and cocodataset.org, "Data format".</summary>
/// <remarks>
/// Boxes become corners, cut at the image's border; "segmentation" and other fields are passed over, and only the boxes are held in memory, so the file
/// may be large.
/// For COCO's metrics read the same file with <c>CocoFiles.ReadGroundTruth</c>, which changes nothing.
/// </remarks>
public sealed class CocoDataset
{
    private CocoDataset(IReadOnlyList<DetectionSample> samples, IReadOnlyList<CocoCategory> categories, ReadReport report) =>
        (Samples, Categories, Report) = (samples, categories, report);

    /// <summary>One for each image, those without objects included, in the order of the file.</summary>
    public IReadOnlyList<DetectionSample> Samples { get; }

    /// <summary>All categories, those without objects included, in the order of the file.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; }

    /// <summary>What was cut or left out.</summary>
    public ReadReport Report { get; }

    /// <summary>Reads a data set. The images are not opened.</summary>
    /// <param name="annotationPath">A JSON file with "images", "annotations" and "categories", in any order.</param>
    /// <param name="imageFolder">The folder that each image's file_name starts from.</param>
    /// <param name="options">Null for the defaults: the first wrong record stops the reading.</param>
    /// <exception cref="FileNotFoundException">There is no annotation file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no image folder.</exception>
    /// <exception cref="InvalidDataException">The file is not JSON, is cut off or has another layout, or a record is wrong; the message says where and
    /// how.</exception>
    public static CocoDataset Load(string annotationPath, string imageFolder, DatasetReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(annotationPath);
        ArgumentNullException.ThrowIfNull(imageFolder);
        var log = new ReadLog(annotationPath, (options ?? new()) with { ImageFolder = imageFolder });
        var samples = CocoReader.Read(log, CocoDialect.Coco).Select(DetectionSample.From).ToArray();
        return new(samples, [.. log.Categories.Select(category => new CocoCategory(category.Id, category.Name))], log.Report);
    }
}
