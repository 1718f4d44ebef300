using Microsoft.ML.DetClip.Datasets;

namespace Microsoft.ML;

public static partial class DetClipDatasetsCatalog
{
    /// <summary>COCO captions (Chen et al. 2015): a row for each caption.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="annotationPath">A JSON file with "images" and "annotations", each of these with "image_id" and "caption".</param>
    /// <param name="imageFolder">The folder that each image's file_name starts from.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IDataView LoadCocoCaptions(this DataOperationsCatalog catalog, string annotationPath, string imageFolder, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadCaptions("coco-captions", annotationPath, imageFolder, options, seed);

    /// <summary>Objects365 v1 or v2 (Shao et al. 2019).</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="annotationPath">Such as objects365_train.json (v1) or zhiyuan_objv2_train.json (v2).</param>
    /// <param name="imageFolder">The folder of the images; of v2, the one that holds patch0, patch1 and so on.</param>
    /// <param name="options">Null for the defaults. Three images that v2 lists were never published: skip invalid records.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IDataView LoadObjects365(this DataOperationsCatalog catalog, string annotationPath, string imageFolder, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadBoxes("objects365", annotationPath, imageFolder, options, seed);

    /// <summary>LVIS v0.5 or v1 (Gupta et al. 2019).</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="annotationPath">Such as lvis_v1_train.json.</param>
    /// <param name="imageFolder">Of v1, COCO's folder that holds train2017 and val2017: both have images of each part.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IDataView LoadLvis(this DataOperationsCatalog catalog, string annotationPath, string imageFolder, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadBoxes("lvis", annotationPath, imageFolder, options, seed);

    /// <summary>GoldG in MDETR's JSON (Kamath et al. 2021): a row for each caption, with a label and a box for each phrase and place.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="annotationPath">Such as final_flickr_separateGT_train.json or final_mixed_train_no_coco.json.</param>
    /// <param name="imageFolder">The folder that each image's file_name starts from.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IDataView LoadGoldG(this DataOperationsCatalog catalog, string annotationPath, string imageFolder, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadCaptions("goldg", annotationPath, imageFolder, options, seed);

    /// <summary>RefCOCO, RefCOCO+ or RefCOCOg in MDETR's JSON: a row for each sentence; its label is the whole sentence.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="annotationPath">Such as finetune_refcoco_train.json. The data set's own pickles are refused: reading one can run code.</param>
    /// <param name="imageFolder">COCO's train2014.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IDataView LoadRefCoco(this DataOperationsCatalog catalog, string annotationPath, string imageFolder, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadCaptions("refcoco", annotationPath, imageFolder, options, seed);

    /// <summary>ODVG's JSON lines, of detection or grounding, in the dialect of Open-GroundingDino or of mmdetection.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="annotationPath">A file with a JSON object in each line.</param>
    /// <param name="imageFolder">The folder that each filename starts from.</param>
    /// <param name="options">Null for the defaults; LabelFile names the label map where it is not label_map.json beside the file.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IDataView LoadOdvg(this DataOperationsCatalog catalog, string annotationPath, string imageFolder, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadCaptions("odvg", annotationPath, imageFolder, options, seed);

    /// <summary>Flickr30k Entities (Plummer et al. 2015): a row for each sentence.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="folder">Holds "Annotations", "Sentences" and train.txt, val.txt, test.txt.</param>
    /// <param name="imageFolder">Folder of Flickr30k's images.</param>
    /// <param name="options">Null for the defaults; Split names one of the lists.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such folder.</exception>
    public static IDataView LoadFlickr30kEntities(this DataOperationsCatalog catalog, string folder, string imageFolder, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadCaptions("flickr30k", folder, imageFolder, options, seed);

    /// <summary>Shards of WebDataset as img2dataset writes them: a row for each image and its caption. The column Image holds the encoded image unless the options name a folder to unpack to.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="path">A tar file (plain or gzip), a folder of them, or a pattern such as "{00000..00012}.tar".</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    public static IDataView LoadWebDataset(this DataOperationsCatalog catalog, string path, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadDatasetSamples(Reading("webdataset", path, null, options), seed);

    /// <summary>Image-text pairs in Parquet: captions with URLs, or with the images inside, as img2dataset writes them; those are in the column Image unless the options name a folder to unpack to.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="path">A file or a folder of them.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    public static IDataView LoadParquetPairs(this DataOperationsCatalog catalog, string path, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadDatasetSamples(Reading("parquet", path, null, options), seed);

    /// <summary>Conceptual Captions (Sharma et al. 2018): lines of a caption and a URL.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="path">Such as Train_GCC-training.tsv.</param>
    /// <param name="imageFolder">Where downloaded images are, under the last part of their URLs; null gives the URLs as paths.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IDataView LoadConceptualCaptions(this DataOperationsCatalog catalog, string path, string? imageFolder = null, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadCaptions("cc3m", path, imageFolder, options, seed);

    /// <summary>A data set in PASCAL VOC's layout (Everingham et al. 2010): an XML file for each image. Objects marked difficult become crowds.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="folder">Holds "Annotations" with the XML files, or the XML files themselves.</param>
    /// <param name="options">Null for the defaults; Split and OneBased are for this format.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such folder.</exception>
    public static IDataView LoadPascalVoc(this DataOperationsCatalog catalog, string folder, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadBoxes("voc", folder, null, options, seed);

    /// <summary>VoTT's JSON export, which ML.NET Model Builder takes too.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="path">Such as project-export.json; the images lie beside it unless the options name a folder.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IDataView LoadVott(this DataOperationsCatalog catalog, string path, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadBoxes("vott", path, null, options, seed);

    /// <summary>YOLO's text files (darknet, Ultralytics).</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="folder">Holds "images", "labels" and data.yaml, or images, text files and classes.txt.</param>
    /// <param name="options">Null for the defaults; Split and LabelFile are for this format.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such folder.</exception>
    public static IDataView LoadYolo(this DataOperationsCatalog catalog, string folder, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadBoxes("yolo", folder, null, options, seed);

    /// <summary>Label Studio's exports JSON and JSON_MIN.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="path">The JSON file; the images lie beside it unless the options name a folder.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IDataView LoadLabelStudio(this DataOperationsCatalog catalog, string path, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadBoxes("label-studio", path, null, options, seed);

    /// <summary>Roboflow's COCO export.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="path">A folder with "_annotations.coco.json" and images, or that file.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="seed">Not null shuffles the rows.</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    public static IDataView LoadRoboflow(this DataOperationsCatalog catalog, string path, DatasetReadOptions? options = null, int? seed = null) =>
        catalog.LoadBoxes("roboflow", path, null, options, seed);

    private static IDataView LoadBoxes(this DataOperationsCatalog catalog, string format, string path, string? imageFolder, DatasetReadOptions? options, int? seed) =>
        catalog.LoadFromEnumerable(Shuffled(Reading(format, path, imageFolder, options), seed).Select(BoxRow.From));

    private static IDataView LoadCaptions(this DataOperationsCatalog catalog, string format, string path, string? imageFolder, DatasetReadOptions? options, int? seed) =>
        catalog.LoadFromEnumerable(Shuffled(Reading(format, path, imageFolder, options), seed).Select(CaptionRow.From));

    private static DatasetReading Reading(string format, string path, string? imageFolder, DatasetReadOptions? options)
    {
        if (!Path.Exists(path) && !path.Contains('{')) throw new FileNotFoundException($"There is no '{path}'.", path);
        options ??= new();
        return DatasetFormat.Named(format).Read(path, options with { ImageFolder = imageFolder ?? options.ImageFolder });
    }
}
