using Microsoft.ML.DetClip.Datasets;

namespace Microsoft.ML;

/// <summary>Detection data sets as ML.NET data.</summary>
/// <remarks>
/// Each row is an image: ImageId (long), ImagePath (text), Labels (vector of text), BoundingBoxes (vector of float: x0 y0 x1 y1 of each object, in pixels
/// of the
/// original image) and IsCrowd (vector of bool, true where a box surrounds a group: such a box is no example to learn from).
/// </remarks>
public static class DetClipDatasetsCatalog
{
    /// <summary>A COCO data set, read when its first row is asked for, and then once. See <see cref="DetClipDatasetsCatalog"/> for the columns.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="annotationPath">A JSON file with "images", "annotations" and "categories".</param>
    /// <param name="imageFolder">The folder that each image's file_name starts from.</param>
    /// <param name="options">Null for the defaults. To see what was left out, use <see cref="CocoDataset.Load"/> and
    /// <see cref="LoadDetectionSamples"/>.</param>
    /// <exception cref="FileNotFoundException">There is no annotation file. What is wrong inside it shows when the first row is asked for, as
    /// <see cref="CocoDataset.Load"/> says.</exception>
    public static IDataView LoadCoco(this DataOperationsCatalog catalog, string annotationPath, string imageFolder, DatasetReadOptions? options = null)
    {
        if (!File.Exists(annotationPath)) throw new FileNotFoundException($"There is no annotation file '{annotationPath}'.", annotationPath);
        var dataset = new Lazy<CocoDataset>(() => CocoDataset.Load(annotationPath, imageFolder, options));
        return catalog.LoadDetectionSamples(SamplesOf(dataset));
    }

    /// <summary>Samples of any reader. See <see cref="DetClipDatasetsCatalog"/> for the columns.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="samples">Enumerated anew for each pass over the data.</param>
    public static IDataView LoadDetectionSamples(this DataOperationsCatalog catalog, IEnumerable<DetectionSample> samples) =>
        catalog.LoadFromEnumerable(samples.Select(Row.From));

    /// <summary>Data sets of any kind as training takes them, joined: besides the columns of <see cref="DetClipDatasetsCatalog"/>, Caption (text, empty where there is none) and Kind
    /// (text: detection, grounding or pairs).</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="sources">Each "format:path,setting=value,…": coco:FILE,images=FOLDER for boxes, coco-captions:FILE,images=FOLDER for image-text pairs,
    /// coco-grounding:FILE,instances=FILE,images=FOLDER for captions whose words name boxes, voc:FOLDER for boxes. They are read at once.</param>
    /// <exception cref="ArgumentException">A source is not understood; says what is allowed.</exception>
    /// <exception cref="IOException">A file or folder is not there.</exception>
    /// <exception cref="InvalidDataException">A file is damaged or of another layout; says where and how.</exception>
    public static IDataView LoadDataSources(this DataOperationsCatalog catalog, params IReadOnlyList<string> sources) =>
        catalog.Load([.. sources.Select(DataSource.Parse).ToArray().Select(source => source.Read())]);

    /// <summary>What sources held, joined.</summary>
    internal static IDataView Load(this DataOperationsCatalog catalog, IReadOnlyList<SourceData> data) => catalog.LoadFromEnumerable(data.SelectMany(d => d.Rows).ToArray());

    private static IEnumerable<DetectionSample> SamplesOf(Lazy<CocoDataset> dataset)
    {
        foreach (var sample in dataset.Value.Samples) yield return sample;
    }

    private sealed class Row
    {
        public long ImageId { get; set; }

        public string ImagePath { get; set; } = "";

        public string[] Labels { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public bool[] IsCrowd { get; set; } = [];

        public static Row From(DetectionSample sample) => new()
        {
            ImageId = sample.ImageId,
            ImagePath = sample.ImagePath,
            Labels = [.. sample.Labels],
            BoundingBoxes = [.. sample.Boxes.SelectMany(box => (float[])[box.X0, box.Y0, box.X1, box.Y1])],
            IsCrowd = [.. sample.IsCrowd],
        };
    }
}
