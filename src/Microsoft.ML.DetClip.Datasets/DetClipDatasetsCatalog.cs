using Microsoft.ML.DetClip;
using Microsoft.ML.DetClip.Datasets;

namespace Microsoft.ML;

/// <summary>Data sets of detection, grounding and image-text pairs as ML.NET data.</summary>
/// <remarks>
/// <para>Data sets of boxes give a row for each image: ImageId (long), ImagePath (text), Labels (vector of text), BoundingBoxes (vector of float: x0 y0 x1 y1 of
/// each object, in pixels of the original image) and IsCrowd (vector of bool, true where a box surrounds a group: such a box is no example to learn from).
/// Data sets of captions give a row for each caption and have the column Caption (text) besides; Labels are then phrases of it. Those that may hold the images
/// themselves also have the column Image (vector of byte: the encoded image; empty where there is a path).</para>
/// <para>A file must be there when a method is called; it is read at each pass over the rows, one sample after the other, and what is wrong inside shows then, as
/// <see cref="InvalidDataException"/> with file, place and problem. With a seed, rows come in an order that follows from the seed alone: a window of
/// <see cref="ShuffleWindow"/> rows is held, and each next row is one of them by chance; one seed, one order at every pass.</para>
/// </remarks>
public static partial class DetClipDatasetsCatalog
{
    /// <summary>How many rows are held to choose from where rows are shuffled.</summary>
    public const int ShuffleWindow = 1000;

    /// <summary>A COCO data set, read when its first row is asked for, and then once. See <see cref="DetClipDatasetsCatalog"/> for the columns.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="annotationPath">A JSON file with "images", "annotations" and "categories".</param>
    /// <param name="imageFolder">The folder that each image's file_name starts from.</param>
    /// <param name="options">Null for the defaults. To see what was left out, use <see cref="CocoDataset.Load"/> and
    /// <see cref="LoadDetectionSamples"/>.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no annotation file. What is wrong inside it shows when the first row is asked for, as
    /// <see cref="CocoDataset.Load"/> says.</exception>
    public static IDataView LoadCoco(this DataOperationsCatalog catalog, string annotationPath, string imageFolder, DatasetReadOptions? options = null, int? seed = null)
    {
        if (!File.Exists(annotationPath)) throw new FileNotFoundException($"There is no annotation file '{annotationPath}'.", annotationPath);
        var dataset = new Lazy<CocoDataset>(() => CocoDataset.Load(annotationPath, imageFolder, options));
        return catalog.LoadFromEnumerable(Shuffled(Deferred(() => dataset.Value.Samples), seed).Select(BoxRow.From));
    }

    /// <summary>Samples of any reader. See <see cref="DetClipDatasetsCatalog"/> for the columns.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="samples">Enumerated anew for each pass over the data.</param>
    public static IDataView LoadDetectionSamples(this DataOperationsCatalog catalog, IEnumerable<DetectionSample> samples) =>
        catalog.LoadFromEnumerable(samples.Select(BoxRow.From));

    /// <summary>Samples of any format, with all columns: see <see cref="DetClipDatasetsCatalog"/>, and Kind (text: detection, grounding or pairs).</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="samples">Enumerated anew for each pass over the data, such as <see cref="DatasetFormat.Read"/> gives them.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    public static IDataView LoadDatasetSamples(this DataOperationsCatalog catalog, IEnumerable<DatasetSample> samples, int? seed = null) =>
        catalog.LoadFromEnumerable(Shuffled(samples, seed).Select(SampleRow.From));

    /// <summary>Data sets of any kind as training takes them, joined: besides the columns of <see cref="DetClipDatasetsCatalog"/>, Caption (text, empty where there is none) and Kind
    /// (text: detection, grounding or pairs).</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="sources">Each "format:path,setting=value,…": coco:FILE,images=FOLDER for boxes, coco-captions:FILE,images=FOLDER for image-text pairs,
    /// coco-grounding:FILE,instances=FILE,images=FOLDER for captions whose words name boxes, voc:FOLDER for boxes, and so on for each of <see cref="DatasetFormat.All"/>. They are read at once.</param>
    /// <exception cref="ArgumentException">A source is not understood; says what is allowed.</exception>
    /// <exception cref="IOException">A file or folder is not there.</exception>
    /// <exception cref="InvalidDataException">A file is damaged or of another layout; says where and how.</exception>
    public static IDataView LoadDataSources(this DataOperationsCatalog catalog, params IReadOnlyList<string> sources) =>
        catalog.Load([.. sources.Select(DataSource.Parse).ToArray().Select(source => source.Read())]);

    /// <summary>What sources held, joined.</summary>
    internal static IDataView Load(this DataOperationsCatalog catalog, IReadOnlyList<SourceData> data) => catalog.LoadFromEnumerable(data.SelectMany(d => d.Rows).ToArray());

    private static IEnumerable<T> Deferred<T>(Func<IEnumerable<T>> samples)
    {
        foreach (var sample in samples()) yield return sample;
    }

    private static IEnumerable<T> Shuffled<T>(IEnumerable<T> samples, int? seed)
    {
        if (seed is null) return samples;
        return WindowShuffle.Of(samples, ShuffleWindow, seed.Value);
    }

    private static float[] Corners(IReadOnlyList<Box> boxes) => [.. boxes.SelectMany(box => (float[])[box.X0, box.Y0, box.X1, box.Y1])];

    private class BoxRow
    {
        public long ImageId { get; set; }

        public string ImagePath { get; set; } = "";

        public string[] Labels { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public bool[] IsCrowd { get; set; } = [];

        public static BoxRow From(DetectionSample sample) => new()
        {
            ImageId = sample.ImageId, ImagePath = sample.ImagePath, Labels = [.. sample.Labels], BoundingBoxes = Corners(sample.Boxes), IsCrowd = [.. sample.IsCrowd],
        };

        public static BoxRow From(DatasetSample sample) => From(DetectionSample.From(sample));
    }

    private class CaptionRow : BoxRow
    {
        public string Caption { get; set; } = "";

        public static new CaptionRow From(DatasetSample sample) => new()
        {
            ImageId = sample.ImageId, ImagePath = sample.ImagePath, Labels = [.. sample.Labels], BoundingBoxes = Corners(sample.Boxes), IsCrowd = [.. sample.IsCrowd],
            Caption = sample.Caption,
        };
    }

    private sealed class SampleRow : CaptionRow
    {
        public byte[] Image { get; set; } = [];

        public string Kind { get; set; } = "";

        public static new SampleRow From(DatasetSample sample) => new()
        {
            ImageId = sample.ImageId, ImagePath = sample.ImagePath, Labels = [.. sample.Labels], BoundingBoxes = Corners(sample.Boxes), IsCrowd = [.. sample.IsCrowd],
            Caption = sample.Caption, Image = sample.ImageBytes.ToArray(), Kind = sample.Kind.ToString().ToLowerInvariant(),
        };
    }
}
