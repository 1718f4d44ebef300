namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>The trainer on data of several kinds.</summary>
public class MixedDataTests
{
    private static readonly KindOptions Small = new() { BatchSize = 2, SmallestShortSide = 48, ShortSide = 64, LongSide = 64, ConceptsPerImage = 8 };

    private static readonly DetClipTrainer.Options Options = Tiny.OptionsForTrainer with
    {
        Epochs = 1,
        Detection = Small,
        Grounding = Small,
        Pairs = Small,
    };

    private readonly MLContext _context = new();

    [Fact]
    public void Fit_learns_from_all_kinds_of_images_in_one_data_view()
    {
        var steps = new List<TrainingProgress>();
        using var detector = Fit([.. Rows()], steps);

        Assert.Equal([SampleKind.Detection, SampleKind.Detection, SampleKind.Grounding, SampleKind.Grounding, SampleKind.Pairs, SampleKind.Pairs], steps.Select(s => s.Kind).Order());
        Assert.All(steps, s => Assert.True(double.IsFinite(s.Loss)));
        Assert.Equal(Tiny.Samples(4).SelectMany(s => s.Concepts).Distinct(), detector.Options.Labels);
    }

    [Fact]
    public void Images_that_cannot_be_read_are_warned_of_and_too_many_end_the_training()
    {
        var warnings = new List<string>();
        _context.Log += (_, e) => { if (e.Kind == Runtime.ChannelMessageKind.Warning) warnings.Add(e.RawMessage); };
        Row[] rows = [.. Rows(), new() { Image = [1, 2, 3], Labels = ["red circle"], BoundingBoxes = [0, 0, 9, 9] }];

        Fit(rows, []).Dispose();

        Assert.Contains(warnings, w => w.Contains("1 of 5 images of kind Detection cannot be read") && w.Contains("'row 12'"));
        Assert.Contains("'row 12'", Assert.Throws<InvalidDataException>(() => Fit(rows, [], Options with { MaxBrokenShare = 0 })).Message);
    }

    [Fact]
    public void A_validation_set_needs_images_for_detection()
    {
        var data = _context.Data.LoadFromEnumerable(Rows());
        var captioned = _context.Data.LoadFromEnumerable(Rows().Where(r => r.Caption.Length > 0));

        Assert.Contains("captioned images alone", Assert.Throws<ArgumentException>(() => Trainer(Options).Fit(data, captioned)).Message);
    }

    private OpenVocabularyDetectionTransformer Fit(Row[] rows, List<TrainingProgress> steps, DetClipTrainer.Options? options = null) =>
        Trainer(options ?? Options).Fit(_context.Data.LoadFromEnumerable(rows), new Sink(steps.Add));

    private DetClipTrainer Trainer(DetClipTrainer.Options options) => _context.DetClip().Trainers.OpenVocabularyDetection(options);

    // Four of each kind: boxes and labels; these with a caption; a caption and phrases.
    private static IEnumerable<Row> Rows() =>
        Enum.GetValues<SampleKind>().SelectMany(kind => Tiny.Samples(4).Select(s => Row.Of(s, kind)));

    private sealed class Row
    {
        public byte[] Image { get; set; } = [];

        public string[] Labels { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public string Caption { get; set; } = "";

        public static Row Of(TrainingSample sample, SampleKind kind)
        {
            var row = SampleRow.Of(sample);
            return new()
            {
                Image = row.Image,
                Labels = row.Labels,
                BoundingBoxes = kind == SampleKind.Pairs ? [] : row.BoundingBoxes,
                Caption = kind == SampleKind.Detection ? "" : string.Join(" and ", row.Labels.Select(l => $"a {l}")),
            };
        }
    }
}
