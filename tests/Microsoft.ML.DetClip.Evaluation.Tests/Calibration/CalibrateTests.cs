using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Tests;

namespace Microsoft.ML.DetClip.Evaluation.Tests.Calibration;

/// <summary>Calibration of a detector that always finds the red and the green rectangle, with scores 0.95 and 0.93.</summary>
public sealed class CalibrateTests : IDisposable
{
    private static readonly Box Left = new(10, 20, 50, 60), Right = new(70, 20, 110, 60);

    private readonly MLContext _context = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scores_and_thresholds_are_those_of_the_validation_set()
    {
        // Red is there on all four images, but is annotated on three; green is annotated on none.
        using var detector = Detector();
        var calibrated = detector.Calibrate(Data(labelled: 3, of: 4));
        using var after = (OpenVocabularyDetectionTransformer)calibrated.Model;
        var report = calibrated.Report;

        Assert.Equal((4, 8), (report.ImageCount, report.DetectionCount));
        Assert.Equal((3, 0, 0), (report.Labels[0].Objects, report.Labels[1].Objects, report.Labels[2].Objects));
        Assert.Equal((0.75, 1), (report.Labels[0].Precision, report.Labels[0].Recall));
        Assert.Null(report.Labels[1].Threshold);
        Assert.Contains("'green' keeps the threshold that it had: the validation set has 0 objects of it.", report.ToString());
        Assert.True(report.Temperature > 1, $"temperature {report.Temperature}"); // the detector is too sure
        Assert.True(report.ErrorAfter < report.ErrorBefore, report.ToString());
        Assert.Equal((4 + 1) / 9.0, report.FalsePositiveRateBefore, 9); // green on four images, red on one, of 4 + 4 + 1 without their label
        Assert.Equal((report.Temperature, report.Labels[0].Threshold), (after.Options.Temperature, after.Options.Labels[0].Threshold));
        Assert.Equal(["red", "green", "blue"], after.Options.Labels.Select(l => l.Name));
    }

    [Fact]
    public void As_an_estimator_it_gives_the_same_model_and_tells_the_report()
    {
        using var detector = Detector();
        var (data, messages) = (Data(labelled: 3, of: 4), new List<string>());
        _context.Log += (_, e) => { if (e.Source.Contains("Calibrator", StringComparison.Ordinal)) messages.Add(e.RawMessage); };
        var expected = detector.Calibrate(data);
        using var other = (OpenVocabularyDetectionTransformer)expected.Model;
        var estimator = _context.DetClip().Calibrator(detector);

        using var fitted = (OpenVocabularyDetectionTransformer)estimator.Fit(data);

        Assert.Equal(other.Options, fitted.Options);
        Assert.Contains(messages, message => message.Contains(expected.Report.ToString(), StringComparison.Ordinal));
        var chain = estimator.Append(_context.Transforms.CopyColumns("Certainty", "Score")).Fit(data);
        Assert.NotNull(chain.GetOutputSchema(data.Schema).GetColumnOrNull("Certainty"));
        (chain as IDisposable)?.Dispose();
    }

    [Fact]
    public void The_error_is_what_the_calibrated_detector_itself_gives()
    {
        using var detector = Detector();
        var data = Data(labelled: 2, of: 5);
        var calibrated = detector.Calibrate(data, new() { Bins = 4 });
        using var after = (OpenVocabularyDetectionTransformer)calibrated.Model;
        using var open = after.WithOptions(after.Options with { Labels = [.. after.Options.Labels.Select(l => l with { Threshold = null })] });

        var scores = open.Transform(data).GetColumn<float[]>("Score").SelectMany(row => row).ToArray();
        var bins = Reliability.Bins([.. scores.Select(score => (score, false))], 4);

        Assert.Equal(calibrated.Report.BinsAfter.Select(b => (b.Count, Math.Round(b.MeanScore, 5))), bins.Select(b => (b.Count, Math.Round(b.MeanScore, 5))));
    }

    [Fact]
    public void Thresholds_hold_in_the_detector_and_in_the_saved_model()
    {
        using var detector = Detector("green", "red");
        var data = Data(labelled: 3, of: 4);
        var calibrated = detector.Calibrate(data, new() { TargetPrecision = 0.7 });
        _context.Model.Save(calibrated.Model, data.Schema, _folder.PathOf("model.zip"));
        using var model = (OpenVocabularyDetectionTransformer)calibrated.Model;

        var loaded = _context.Model.Load(_folder.PathOf("model.zip"), out _);

        var score = Scores(model, data)[0];
        Assert.NotEqual(0.95f, score[0]);
        Assert.Equal(Scores(model, data), Scores(loaded, data));
        Assert.True(model.Options.Labels[1].Threshold < score[0]);
        // A threshold above the score hides the label, and no other.
        using var strict = model.WithOptions(model.Options with { Labels = [model.Options.Labels[0], model.Options.Labels[1] with { Threshold = score[0] + 1e-3f }] });
        Assert.All(strict.Transform(data).GetColumn<ReadOnlyMemory<char>[]>("PredictedLabel"), row => Assert.Equal(["green"], row.Select(l => l.ToString())));
        (loaded as IDisposable)?.Dispose();
    }

    [Fact]
    public void A_precision_that_is_not_reached_is_said_clearly()
    {
        using var detector = Detector();
        var calibrated = detector.Calibrate(Data(labelled: 1, of: 4), new() { TargetPrecision = 0.9 });
        using var after = calibrated.Model as IDisposable;

        Assert.Contains("'red' does not reach precision 0.9: the best is 0.250, at threshold", calibrated.Report.ToString());
    }

    [Fact]
    public void Calibrating_again_changes_next_to_nothing()
    {
        using var detector = Detector();
        var data = Data(labelled: 3, of: 4);
        var first = detector.Calibrate(data);
        var second = first.Model.Calibrate(data);
        using var one = first.Model as IDisposable;
        using var two = second.Model as IDisposable;

        Assert.Equal(first.Report.Temperature, second.Report.Temperature, 9);
        Assert.Equal(first.Report.ErrorAfter, second.Report.ErrorBefore, 9);
        Assert.Equal(first.Report.Labels, second.Report.Labels);
        Assert.Equal(first.Report.FalsePositiveRateAfter, second.Report.FalsePositiveRateBefore, 9);
    }

    [Fact]
    public void The_report_is_written_in_full()
    {
        using var detector = Detector();
        var calibrated = detector.Calibrate(Data(labelled: 3, of: 4));
        using var after = calibrated.Model as IDisposable;
        calibrated.Report.Save(_folder.PathOf("report.json"));

        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_folder.PathOf("report.json")));
        Assert.Equal(calibrated.Report.Temperature, json.RootElement.GetProperty("calibration").GetProperty("temperature").GetDouble());
        Assert.Equal(15, json.RootElement.GetProperty("bins_after").EnumerateObject().Count());
        Assert.Equal(0.75, json.RootElement.GetProperty("labels").GetProperty("red").GetProperty("precision").GetDouble());
    }

    [Fact]
    public void What_cannot_be_calibrated_is_refused()
    {
        using var detector = Detector();
        using var byRow = detector.WithOptions(detector.Options with { Labels = [], LabelsColumnName = "Labels" });
        var bad = new CalibrationOptions { TargetPrecision = 2, IouThreshold = -1, ScoreFloor = 1, Bins = 0, LeastObjects = 0, MaxDetections = 0 };

        Assert.StartsWith(
            "TargetPrecision is 2, allowed: above 0, at most 1, or null; IouThreshold is -1, allowed: 0 to 1; ScoreFloor is 1, allowed: 0 to below 1; Bins is 0, allowed: 1 to 1000; " +
            "LeastObjects is 0, allowed: 1 or more; MaxDetections is 0, allowed: 1 or more.", Assert.Throws<ArgumentException>(() => detector.Calibrate(Data(1, 1), bad)).Message);
        Assert.Contains("WithVocabulary first", Assert.Throws<ArgumentException>(() => byRow.Calibrate(Data(1, 1))).Message);
        Assert.Contains("no rows", Assert.Throws<ArgumentException>(() => detector.Calibrate(Data(0, 0))).Message);
        Assert.Contains("There is no column 'Labels'", Assert.Throws<ArgumentException>(() => detector.Calibrate(_context.Data.LoadFromEnumerable([new { Image = "a" }]))).Message);
    }

    private static float[][] Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float[]>("Score")];

    private OpenVocabularyDetectionTransformer Detector(params string[] labels) =>
        _context.Transforms.DetectOpenVocabulary(ToyDetector.Model, new() { Labels = labels.Length > 0 ? [.. labels.Select(l => new Concept(l))] : ["red", "green", "blue"] }).Fit(Data(1, 1));

    private IDataView Data(int labelled, int of)
    {
        var path = new ToyImage(120, 80, (ToyImage.Red, Left), (ToyImage.Green, Right)).Save(_folder);
        return _context.Data.LoadFromEnumerable(Enumerable.Range(0, of).Select(i => i < labelled
            ? new Row { Image = path, Labels = ["red"], BoundingBoxes = [Left.X0, Left.Y0, Left.X1, Left.Y1] }
            : new Row { Image = path }));
    }

    private sealed class Row
    {
        public string Image { get; set; } = "";

        public string[] Labels { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];
    }
}
