using Microsoft.ML.DetClip.Modeling;
using SkiaSharp;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Keeps a run in a folder: a table, loss curves, TensorBoard's events, and pictures of what the network finds.</summary>
internal sealed class RunFiles : ITrainingObserver
{
    /// <summary>The table of all steps.</summary>
    public const string MetricsFileName = "metrics.csv";

    /// <summary>The picture of the losses.</summary>
    public const string CurvesFileName = "curves.png";

    /// <summary>The folder of the pictures.</summary>
    public const string SamplesFolderName = "samples";

    private const int JpegQuality = 85;

    private readonly string _folder;
    private readonly int _stepsPerPicture;
    private readonly SamplePictures _samples;
    private readonly List<MetricsRow> _rows = [];
    private MetricsFile? _metrics;
    private EventFile? _events;

    /// <param name="folder">Made when it is missing. Nothing in it is touched before the first step: a run may refuse to go on.</param>
    /// <param name="stepsPerPicture">Steps between pictures; there are some after the last step too.</param>
    /// <param name="samples">What is drawn besides the curves.</param>
    public RunFiles(string folder, int stepsPerPicture, SamplePictures samples) => (_folder, _stepsPerPicture, _samples) = (folder, stepsPerPicture, samples);

    private string CurvesFile => Path.Combine(_folder, CurvesFileName);

    /// <inheritdoc/>
    public void AfterStep(TrainingProgress step, DetClipNetwork network)
    {
        if (_metrics is null || _events is null) Open(stepsDone: step.Step - 1);
        foreach (var row in MetricsRow.Of(step)) Add(row);
        if (step.Step % _stepsPerPicture == 0 || step.Step == step.TotalSteps) Draw(step.Step, network);
        _events!.Flush();
    }

    /// <inheritdoc/>
    public void AfterRun(TrainingProgress last)
    {
        if (_metrics is null || _events is null) return; // no step was done: an earlier process wrote the rows
        foreach (var row in MetricsRow.OfHeld(last)) Add(row);
        _events.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics?.Dispose();
        _events?.Dispose();
        if (_rows.Count > 0) LossCurves.SavePng(CurvesFile, _rows); // the run may have ended between two pictures
    }

    // What the folder holds of later steps is removed: they are done again.
    private void Open(long stepsDone)
    {
        Directory.CreateDirectory(_folder);
        _metrics = MetricsFile.Open(Path.Combine(_folder, MetricsFileName), stepsDone);
        _rows.AddRange(_metrics.Kept);
        _events = EventFile.Create(_folder, stepsDone);
        _samples.RemoveAfter(stepsDone);
    }

    private void Add(MetricsRow row)
    {
        _rows.Add(row);
        _metrics!.Add(row);
        foreach (var (name, value) in MetricsRow.Names.Zip(row.Values))
            if (value is { } number) _events!.Scalar(Tag(row.Kind, name), number, row.Step);
    }

    private void Draw(long step, DetClipNetwork network)
    {
        LossCurves.SavePng(CurvesFile, _rows);
        foreach (var (index, path) in _samples.Save(network, step).Index())
        {
            using var picture = SKBitmap.Decode(path);
            using var jpeg = picture.Encode(SKEncodedImageFormat.Jpeg, JpegQuality); // event files are read whole
            _events!.Picture($"samples/{index}", picture.Width, picture.Height, jpeg.ToArray(), step);
        }
    }

    // TensorBoard groups by what stands before the slash: losses by the kind of data, all else once.
    private static string Tag(string kind, string name) =>
        kind.StartsWith(MetricsRow.Held, StringComparison.Ordinal) ? name.Replace("validation_", $"{kind}/")
        : kind == MetricsRow.Validation ? name.Replace("validation_", "validation/")
        : MetricsRow.Losses.Contains(name) || name.StartsWith("pair_", StringComparison.Ordinal) ? $"{kind}/{name}"
        : $"run/{name}";
}
