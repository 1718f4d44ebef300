namespace Microsoft.ML.DetClip.Evaluation.Tests;

public class DetClipEvaluationCatalogTests
{
    private readonly MLContext _mlContext = new();

    [Fact]
    public void Metrics_of_rows_are_those_of_the_evaluators()
    {
        var rows = Rows(seed: 1);
        var evaluator = new LabelEvaluator();
        foreach (var row in rows) evaluator.Add(row.Truth(), row.Found());
        var frequencies = Enumerable.Range(1, 4).ToDictionary(i => $"category {i}", i => (LvisFrequency)(i % 3));
        var data = _mlContext.Data.LoadFromEnumerable(rows);

        Assert.Equal(evaluator.Evaluate().ToNamedValues(), _mlContext.DetClip().Evaluate(data).ToNamedValues());
        Assert.Equal(
            evaluator.Evaluate(new CocoEvaluatorOptions { ClassAgnostic = true }).AP, _mlContext.DetClip().Evaluate(data, options: new() { ClassAgnostic = true }).AP);
        foreach (var options in (LvisEvaluatorOptions[])[new(), LvisEvaluatorOptions.FixedAP with { MaxDetectionsPerCategory = 20 }])
        {
            var metrics = _mlContext.DetClip().EvaluateLvis(data, frequencies, options: options);
            Assert.Equal(evaluator.EvaluateLvis(frequencies, options).ToNamedValues(), metrics.ToNamedValues());
            Assert.InRange(metrics.AP, 0.01, 0.99);
        }
    }

    [Fact]
    public void Labels_that_are_absent_decide_what_is_wrong()
    {
        var frequencies = new Dictionary<string, LvisFrequency> { ["mug"] = LvisFrequency.Rare };
        double Precision(string[] absent) => _mlContext.DetClip().EvaluateLvis(
            _mlContext.Data.LoadFromEnumerable([Row.Of("mug", found: ["mug"]), Row.Of(null, found: ["mug"]) with { AbsentLabels = absent }]), frequencies).APRare;

        Assert.Equal(1, Precision([]), 1e-12);
        Assert.True(Precision(["mug"]) < 1);
    }

    [Fact]
    public void Missing_columns_are_all_named()
    {
        var data = _mlContext.Data.LoadFromEnumerable([new { Labels = new[] { 1f } }]);

        var error = Assert.Throws<ArgumentException>(() => _mlContext.DetClip().Evaluate(data));

        foreach (var name in (string[])["BoundingBoxes", "PredictedLabel", "PredictedBoundingBoxes", "Score"]) Assert.Contains($"There is no column '{name}'.", error.Message);
        Assert.Contains("Column 'Labels' is of type", error.Message);
    }

    [Fact]
    public void A_row_whose_columns_do_not_fit_is_named()
    {
        Row[] rows = [Row.Of("mug", found: ["mug"]), Row.Of("mug", found: ["mug"]) with { Score = [] }];

        var error = Assert.Throws<ArgumentException>(() => _mlContext.DetClip().Evaluate(_mlContext.Data.LoadFromEnumerable(rows)));

        Assert.StartsWith("Row 1: The lists differ in length: 1 boxes, 0 scores.", error.Message);
    }

    private static Row[] Rows(int seed)
    {
        var (truth, detections) = RandomDetections.Make(seed);
        return [.. truth.ImageIds.Select(id =>
        {
            GroundTruthBox[] boxes = [.. truth.Boxes.Where(b => b.ImageId == id)];
            DetectionResult[] found = [.. detections.Where(d => d.ImageId == id)];
            return new Row
            {
                Labels = [.. boxes.Select(b => $"category {b.CategoryId}")],
                BoundingBoxes = [.. boxes.SelectMany(b => Corners(b.X, b.Y, b.Width, b.Height))],
                IsCrowd = [.. boxes.Select(b => b.IsCrowd)],
                Areas = [.. boxes.Select(b => (float)b.Area * 0.8f)],
                AbsentLabels = ["category 1", "category 3"],
                PartlyAnnotatedLabels = id % 2 == 0 ? ["category 2"] : [],
                PredictedLabel = [.. found.Select(d => $"category {d.CategoryId}")],
                PredictedBoundingBoxes = [.. found.SelectMany(d => Corners(d.X, d.Y, d.Width, d.Height))],
                Score = [.. found.Select(d => (float)d.Score)],
            };
        })];
    }

    private static float[] Corners(double x, double y, double width, double height) => [(float)x, (float)y, (float)(x + width), (float)(y + height)];

    private sealed record Row
    {
        public string[] Labels { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public bool[] IsCrowd { get; set; } = [];

        public float[] Areas { get; set; } = [];

        public string[] AbsentLabels { get; set; } = [];

        public string[] PartlyAnnotatedLabels { get; set; } = [];

        public string[] PredictedLabel { get; set; } = [];

        public float[] PredictedBoundingBoxes { get; set; } = [];

        public float[] Score { get; set; } = [];

        public static Row Of(string? label, string[] found) => new()
        {
            Labels = label is null ? [] : [label],
            BoundingBoxes = label is null ? [] : [1, 2, 30, 40],
            IsCrowd = label is null ? [] : [false],
            Areas = label is null ? [] : [1000],
            PredictedLabel = found,
            PredictedBoundingBoxes = [.. found.SelectMany(_ => (float[])[1, 2, 30, 40])],
            Score = [.. found.Select(_ => label is null ? 0.9f : 0.5f)],
        };

        public LabeledBoxes Truth() => new(Labels, ToBoxes(BoundingBoxes), IsCrowd)
        {
            Areas = [.. Areas.Select(area => (double)area)],
            AbsentLabels = AbsentLabels,
            PartlyAnnotatedLabels = PartlyAnnotatedLabels,
        };

        public ScoredBoxes Found() => new(PredictedLabel, ToBoxes(PredictedBoundingBoxes), Score);

        private static Box[] ToBoxes(float[] corners) => [.. corners.Chunk(4).Select(c => new Box(c[0], c[1], c[2], c[3]))];
    }
}
