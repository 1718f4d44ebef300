using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

public sealed partial class OpenVocabularyDetectionEstimator
{
    /// <summary>Settings of <see cref="OpenVocabularyDetectionEstimator"/>; a set is never changed, use <c>with</c> to get another.</summary>
    public sealed record Options
    {
        /// <summary>Column of the images: <see cref="MLImage"/>, path (text), or encoded file (vector of <see cref="byte"/>).</summary>
        public string ImageColumnName { get; init; } = "Image";

        /// <summary>What to look for. Needed unless <see cref="LabelsColumnName"/> is given. No name may be blank, or there twice but for case and surrounding spaces.</summary>
        public IReadOnlyList<Concept> Labels { get; init; } = [];

        /// <summary>Column (vector of text) that names the classes of each row alone, instead of <see cref="Labels"/>; a row that names none has no detections.</summary>
        public string? LabelsColumnName { get; init; }

        /// <summary>Added column, vector of text: what was found, best score first.</summary>
        public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

        /// <summary>Added column, vector of float: the probability of each detection, 0 to 1.</summary>
        public string ScoreColumnName { get; init; } = "Score";

        /// <summary>Added column, vector of float: x0, y0, x1, y1 of each detection, one after the other, in pixels of the original, upright image.</summary>
        public string BoundingBoxColumnName { get; init; } = "PredictedBoundingBoxes";

        /// <summary>Added column, <see cref="DetectionList"/>: the three others in one; see <see cref="DetectionsAttribute"/>.</summary>
        public string DetectionsColumnName { get; init; } = "Detections";

        /// <summary>Only detections with a higher score are kept; 0, which evaluation wants, hides none but those of score 0. 0 to 1.</summary>
        public float ScoreThreshold { get; init; } = 0.05f;

        /// <summary>Of two boxes of one class that overlap more than this (IoU), only the better stays. 0 to 1.</summary>
        public double IouThreshold { get; init; } = 0.6;

        /// <summary>The most detections of an image, the best ones; COCO scores 100, LVIS 300. At least 1.</summary>
        public int MaxDetections { get; init; } = 100;

        /// <summary>The most regions of an image that are compared with the labels, the best ones. At least 1.</summary>
        public int MaxRegions { get; init; } = 1000;

        /// <summary>Rows that are read ahead, decoded in parallel and run together; it changes speed and memory, not results. 1 to 256.</summary>
        public int BatchSize { get; init; } = 8;

        /// <summary>On what and by how many threads the network runs.</summary>
        public DetectorRuntime Runtime { get; init; } = new();

        internal SelectionOptions Selection => new() { ScoreThreshold = ScoreThreshold, IouThreshold = IouThreshold, MaxDetections = MaxDetections };

        internal IEnumerable<string> InputColumnNames => LabelsColumnName is null ? [ImageColumnName] : [ImageColumnName, LabelsColumnName];

        private IEnumerable<string> OutputColumnNames => [PredictedLabelColumnName, ScoreColumnName, BoundingBoxColumnName, DetectionsColumnName];

        /// <exception cref="ArgumentException">Names every bad setting at once, with its value and what is allowed.</exception>
        internal Options Checked() => new OptionsCheck()
            .NotBlank(ImageColumnName).Fault(LabelsFault())
            .NotBlank(PredictedLabelColumnName).NotBlank(ScoreColumnName).NotBlank(BoundingBoxColumnName).NotBlank(DetectionsColumnName)
            .That(OutputColumnNames.Distinct().Count() == 4, string.Join(", ", OutputColumnNames), "four different names", "the list of added columns")
            .Between(ScoreThreshold, 0, 1).Between(IouThreshold, 0, 1)
            .That(MaxDetections >= 1, MaxDetections, "1 or more").That(MaxRegions >= 1, MaxRegions, "1 or more").Between(BatchSize, 1, 256)
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

        private string? LabelsFault() => (Labels?.Count ?? 0, LabelsColumnName) switch
        {
            (0, null) => "Labels is empty: name at least one class, or give LabelsColumnName",
            ( > 0, not null) => $"Labels and LabelsColumnName ('{LabelsColumnName}') are both given, allowed: one of them",
            (0, not null) => string.IsNullOrWhiteSpace(LabelsColumnName) ? "LabelsColumnName is blank, allowed: null or a name" : null,
            _ => Vocabulary.FaultOf(Labels!, nameof(Labels)),
        };
    }
}
