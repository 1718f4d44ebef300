using System.Text.Json.Serialization;
using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

public sealed partial class OpenVocabularyDetectionEstimator
{
    /// <summary>Settings of <see cref="OpenVocabularyDetectionEstimator"/>; a set is never changed, use <c>with</c> to get another.</summary>
    public sealed record Options
    {
        /// <summary>Column of the images: <see cref="MLImage"/>, path (text), or encoded file (vector of <see cref="byte"/>).</summary>
        public string ImageColumnName { get; init; } = "Image";

        /// <summary>What to look for. Needed unless <see cref="LabelsColumnName"/> or <see cref="RegionsColumnName"/> is given. No name may be blank, or there twice but for case and surrounding spaces.</summary>
        public IReadOnlyList<Concept> Labels { get; init => field = ValueList.Of(value); } = ValueList.Of<Concept>(null);

        /// <summary>
        /// Column (vector of text) that names the classes of each row alone; a row that names none has no detections. Where <see cref="Labels"/> is given as well, a word that is
        /// a name, a synonym or an alias in it stands for that concept. Detections have the words of their row for labels.
        /// </summary>
        public string? LabelsColumnName { get; init; }

        /// <summary>Language of the labels of detections, such as "de" or "pt-BR": the first of a concept's <see cref="Concept.Aliases"/> there; null for the names.</summary>
        public string? LabelCulture { get; init; }

        /// <summary>
        /// Folder that remembers the embeddings of texts for later processes, whatever their vocabulary; null for none. It may be shared, and is not saved with a model. Files that
        /// are damaged are written anew.
        /// </summary>
        [JsonIgnore]
        public string? EmbeddingCacheFolder { get; init; }

        /// <summary>Added column, vector of text: what was found, best score first.</summary>
        public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

        /// <summary>Added column, vector of float: the probability of each detection, 0 to 1.</summary>
        public string ScoreColumnName { get; init; } = "Score";

        /// <summary>Added column, vector of float: x0, y0, x1, y1 of each detection, one after the other, in pixels of the original, upright image.</summary>
        public string BoundingBoxColumnName { get; init; } = "PredictedBoundingBoxes";

        /// <summary>Added column, <see cref="DetectionList"/>: the three others in one; see <see cref="DetectionsAttribute"/>.</summary>
        public string DetectionsColumnName { get; init; } = "Detections";

        /// <summary>
        /// Added column, <see cref="RegionList"/>, to be asked later with <see cref="OpenVocabularyDetectionTransformer.Requery(RegionList)"/>; null for none. With it, the
        /// regions are the <see cref="MaxRegions"/> of the highest quality, whatever the labels, and detections are made of them: just what a later question finds.
        /// </summary>
        public string? RegionsColumnName { get; init; }

        /// <summary>Only detections with a higher score are kept; 0, which evaluation wants, hides none but those of score 0. 0 to 1.</summary>
        public float ScoreThreshold { get; init; } = 0.05f;

        /// <summary>Scores are sigmoid(logit / temperature): above 1 the detector is less sure than it was trained to be, below 1 surer. It changes no order, and 1 changes nothing.
        /// Calibration fits it (Guo et al. 2017). Above 0, at most 100.</summary>
        public double Temperature { get; init; } = 1;

        /// <summary>Of two boxes of one class, or of one <see cref="NmsScope"/>, that overlap more than this (IoU), only the better stays, or the other is weakened. 0 to 1.</summary>
        public double IouThreshold { get; init; } = 0.6;

        /// <summary>What is done to a box that overlaps a better one.</summary>
        [JsonConverter(typeof(JsonStringEnumConverter<NmsKind>))]
        public NmsKind NmsKind { get; init; }

        /// <summary>Which boxes suppress one another. A class's detections depend on no other class with <see cref="NmsScope.Class"/> only; its scores never do.</summary>
        [JsonConverter(typeof(JsonStringEnumConverter<NmsScope>))]
        public NmsScope NmsScope { get; init; }

        /// <summary>σ of <see cref="NmsKind.SoftGaussian"/>: the greater, the more overlapping boxes stay. Above 0.</summary>
        public double SoftNmsSigma { get; init; } = 0.5;

        /// <summary>Boxes with a side below this are dropped, in pixels of the original image. 0 or more.</summary>
        public float MinSize { get; init; }

        /// <summary>Looks at large images in parts too; null for whole images only.</summary>
        public TileOptions? Tiles { get; init; }

        /// <summary>The most detections of an image, the best ones; COCO scores 100, LVIS 300. At least 1.</summary>
        public int MaxDetections { get; init; } = 100;

        /// <summary>The most regions of an image, or of a tile, that are compared with the labels, the best ones. At least 1.</summary>
        public int MaxRegions { get; init; } = 1000;

        /// <summary>
        /// Rows that are read, decoded in parallel and run together, while as many more are read and decoded in the background; and the most images and tiles that the network sees at once. It changes speed
        /// and memory, not results. 1 to 256;
        /// or 0 for as many as <see cref="DetectorRuntime.MemoryBudget"/> has room for, 1 to 32: the log tells how many rows. Of small images, more go through the network at once than of large ones.
        /// </summary>
        public int BatchSize { get; init; } = 8;

        /// <summary>On what, by how many threads and in which numbers the network runs.</summary>
        public DetectorRuntime Runtime { get; init; } = new();

        internal SelectionOptions Selection => new()
        {
            ScoreThreshold = ScoreTemperature.Undo(ScoreThreshold, Temperature), IouThreshold = IouThreshold, MaxDetections = MaxDetections,
            Kind = NmsKind, Scope = NmsScope, SoftSigma = SoftNmsSigma, MinSize = MinSize,
        };

        internal IEnumerable<string> InputColumnNames => LabelsColumnName is null ? [ImageColumnName] : [ImageColumnName, LabelsColumnName];

        private IReadOnlyList<string> OutputColumnNames =>
            [PredictedLabelColumnName, ScoreColumnName, BoundingBoxColumnName, DetectionsColumnName, .. RegionsColumnName is null ? (string[])[] : [RegionsColumnName]];

        /// <exception cref="ArgumentException">Names every bad setting at once, with its value and what is allowed.</exception>
        internal Options Checked() => new OptionsCheck()
            .NotBlank(ImageColumnName).Fault(LabelsFault())
            .That(LabelCulture is null || !string.IsNullOrWhiteSpace(LabelCulture), LabelCulture, "null or the name of a culture")
            .That(EmbeddingCacheFolder is null || !string.IsNullOrWhiteSpace(EmbeddingCacheFolder), EmbeddingCacheFolder, "null or a path")
            .NotBlank(PredictedLabelColumnName).NotBlank(ScoreColumnName).NotBlank(BoundingBoxColumnName).NotBlank(DetectionsColumnName)
            .That(RegionsColumnName is null || !string.IsNullOrWhiteSpace(RegionsColumnName), RegionsColumnName, "null or a name that is not blank")
            .That(OutputColumnNames.Distinct().Count() == OutputColumnNames.Count, string.Join(", ", OutputColumnNames), "different names", "the list of added columns")
            .Between(ScoreThreshold, 0, 1).Between(IouThreshold, 0, 1)
            .That(Temperature is > 0 and <= 100, Temperature, "above 0, at most 100")
            .Defined(NmsKind).Defined(NmsScope).Positive(SoftNmsSigma).That(MinSize >= 0 && float.IsFinite(MinSize), MinSize, "0 or more")
            .Part(Tiles?.Check() ?? new OptionsCheck(), nameof(Tiles))
            .That(MaxDetections >= 1, MaxDetections, "1 or more").That(MaxRegions >= 1, MaxRegions, "1 or more").That(BatchSize is >= 0 and <= 256, BatchSize, "1 to 256, or 0 for a choice by memory")
            .Part(Runtime.Check())
            .ThrowIfAny(this);

        /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
        internal void CheckInput(DataViewSchema input)
        {
            CheckColumn(ImageColumnName, input.GetColumnOrNull(ImageColumnName)?.Type, ImageColumn.Reads, ImageColumn.Allowed);
            if (LabelsColumnName is not null) CheckColumn(LabelsColumnName, input.GetColumnOrNull(LabelsColumnName)?.Type, LabelColumn.Reads, LabelColumn.Allowed);
        }

        private static void CheckColumn(string name, DataViewType? type, Func<DataViewType, bool> reads, string allowed)
        {
            if (type is null) throw new ArgumentException($"The input has no column '{name}'; it must hold {allowed}.", "input");
            if (!reads(type)) throw new ArgumentException($"Column '{name}' is of type {type}; it must hold {allowed}.", "input");
        }

        private string? LabelsFault() => (Labels.Count, LabelsColumnName) switch
        {
            (0, null) => RegionsColumnName is null ? "Labels is empty: name at least one class, or give LabelsColumnName" : null,
            (_, not null) when string.IsNullOrWhiteSpace(LabelsColumnName) => "LabelsColumnName is blank, allowed: null or a name",
            _ => VocabularyFaults.Of(Labels, nameof(Labels)),
        };
    }
}
