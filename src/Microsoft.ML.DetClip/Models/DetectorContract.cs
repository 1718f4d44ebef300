namespace Microsoft.ML.DetClip;

/// <summary>What an exported detector looks like from outside: the files of its folder and the tensors of its two graphs.</summary>
/// <remarks>
/// N images, H×W pixels, K concepts, D embedding width, T tokens of a text, R regions kept of each image: the best by probability of the best concept times quality.
/// With a single concept of zeros all regions are equally probable, so the best by quality are kept, whatever is asked of them later.
/// A reader refuses what does not fit; a change that older readers would misread raises <see cref="FormatVersion"/>.
/// </remarks>
public static class DetectorContract
{
    /// <summary>Version written into new folders and zips; readers accept this version and older ones.</summary>
    public const int FormatVersion = 1;

    /// <summary>The manifest's file name; see <see cref="DetectorManifest"/>.</summary>
    public const string ManifestFile = "detector.json";

    /// <summary>The image graph's file name. Inputs pixels, concepts, max_regions; outputs boxes, scores, embeddings, locations, qualities.</summary>
    public const string ImageGraphFile = "image.onnx";

    /// <summary>File name of the image graph in other numbers; <see cref="ImageGraphFile"/> for <see cref="DetectorPrecision.Float32"/>. Inputs and outputs are the same.</summary>
    public static string ImageGraphFileOf(DetectorPrecision precision) => precision switch
    {
        DetectorPrecision.Float16 => "image.fp16.onnx",
        DetectorPrecision.Int8 => "image.int8.onnx",
        _ => ImageGraphFile,
    };

    /// <summary>The text graph's file name. Input tokens; output concepts.</summary>
    public const string TextGraphFile = "text.onnx";

    /// <summary>The tokenizer's merges, in the layout of CLIP's vocabulary file, not compressed.</summary>
    public const string TokenizerFile = "tokenizer.txt";

    /// <summary>May lie beside the other files: how far the graphs were found to be from the network they came from. Readers do not need it.</summary>
    public const string ParityFile = "parity.json";

    /// <summary>Image graph input: normalised RGB, float [N, 3, H, W].</summary>
    public const string Pixels = "pixels";

    /// <summary>Image graph input and text graph output: one row for each concept, float [K, D]. A frozen image graph has its concepts inside instead.</summary>
    public const string Concepts = "concepts";

    /// <summary>Image graph input that may be left out: the most regions to return, int64 [1]; R is the smaller of it and the locations there are.</summary>
    public const string MaxRegions = "max_regions";

    /// <summary>Image graph output: corners in pixels of the input tensor, not clipped, float [N, R, 4], best region first.</summary>
    public const string Boxes = "boxes";

    /// <summary>Image graph output: probability that the region shows the concept, 0 to 1, float [N, R, K].</summary>
    public const string Scores = "scores";

    /// <summary>Image graph output: region embeddings, float [N, R, D].</summary>
    public const string Embeddings = "embeddings";

    /// <summary>Image graph output: index of the region among all locations of all levels, int64 [N, R].</summary>
    public const string Locations = "locations";

    /// <summary>Image graph output that older graphs lack: what a region's probabilities are multiplied by, whatever the concept, 0 to 1, float [N, R].</summary>
    public const string Qualities = "qualities";

    /// <summary>Text graph input: token ids, zeros after the end mark, int64 [K, T].</summary>
    public const string Tokens = "tokens";
}
