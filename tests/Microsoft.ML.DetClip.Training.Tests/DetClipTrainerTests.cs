using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

public sealed class DetClipTrainerTests : IDisposable
{
    private static readonly DetClipTrainer.Options Options = Tiny.OptionsForTrainer;

    private readonly MLContext _context = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-trainer").FullName;

    private string CheckpointFile => Path.Combine(_folder, "last.safetensors");

    [Fact]
    public void Fit_gives_a_detector_of_the_labels_seen_that_takes_other_labels_too()
    {
        using var detector = Trainer(Options).Fit(Data());
        var found = detector.Transform(Data());
        using var other = detector.WithVocabulary(["blue whale"]);

        Assert.Equal(Tiny.Samples(4).SelectMany(s => s.Concepts).Distinct(), detector.Options.Labels);
        Assert.Equal(4, found.GetColumn<VBuffer<float>>("Score").Count());
        Assert.Equal(4, other.Transform(Data()).GetColumn<VBuffer<float>>("Score").Count());
        Assert.Equal((64, 64), (detector.Manifest.ShortSide, detector.Manifest.LongSide));
    }

    [Fact]
    public void Fit_leaves_no_tensors_behind()
    {
        Trainer(Options).Fit(Data()).Dispose();
        // TorchSharp counts the first handle of each parameter for ever: making a Parameter empties that handle, and nothing disposes it.
        var making = Growth(() => DetClipNetwork.Create(Options.Network, seed: 1).Dispose());

        Assert.InRange(Growth(() => Trainer(Options with { AverageDecay = 0.5 }).Fit(Data()).Dispose()), long.MinValue, making);
    }

    // Collects garbage on both sides, because other tests leave handles to it.
    private static long Growth(Action action)
    {
        var before = Live();
        action();
        return Live() - before;

        static long Live()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Tensor.TotalCount;
        }
    }

    [Fact]
    public void The_schema_is_known_before_training()
    {
        var pipeline = _context.Transforms.CopyColumns("Photo", "Image").Append(Trainer(Options with { ImageColumnName = "Photo" }));

        using var detector = pipeline.Fit(Data()).LastTransformer;

        Assert.Equal("Photo", detector.Options.ImageColumnName);
        Assert.Throws<ArgumentException>(() => _context.Transforms.CopyColumns("Copy", "Image").Append(Trainer(Options with { LabelColumnName = "Names" })).Fit(Data()));
    }

    [Fact]
    public void Training_goes_on_from_a_checkpoint()
    {
        using (Trainer(Options with { RunFolder = _folder }).Fit(Data()))
        {
        }
        var first = new List<TrainingProgress>();

        using var again = Trainer(Options with { StartFrom = CheckpointFile, Epochs = 0.5 }).Fit(Data(), new Sink(first.Add));

        using var checkpoint = Checkpoint.Open(CheckpointFile);
        Assert.Equal(4, checkpoint.Step);
        Assert.Single(first);
    }

    [Fact]
    public void A_validation_set_is_measured_after_each_epoch_and_changes_nothing()
    {
        var plain = new List<TrainingProgress>();
        var measured = new List<TrainingProgress>();
        var options = Options with { Epochs = 2.5, AverageDecay = 0.5 };

        Trainer(options).Fit(Data(), new Sink(plain.Add)).Dispose();
        Trainer(options).Fit(Data(), Data(), new Sink(measured.Add)).Dispose();

        Assert.Equal([2L, 4, 5], measured.Where(step => step.Validation is not null).Select(step => step.Step));
        Assert.Equal(plain.Select(step => step.Loss), measured.Select(step => step.Loss));
        Assert.InRange(measured[^1].Validation!.AP50, 0, 1);
        Assert.Contains("validation AP", measured[^1].ToString());
    }

    [Fact]
    public void Cancelling_keeps_a_detector_but_not_before_the_first_step()
    {
        using var cancellation = new CancellationTokenSource();
        var steps = 0;

        using var detector = Trainer(Options with { Epochs = 100 }).Fit(Data(), new Sink(_ => { if (++steps == 2) cancellation.Cancel(); }), cancellation.Token);

        Assert.Equal(2, steps);
        Assert.Throws<OperationCanceledException>(() => Trainer(Options).Fit(Data(), null, cancellation.Token));
    }

    [Fact]
    public void Labels_that_would_be_refused_later_are_refused_before_training()
    {
        var data = _context.Data.LoadFromEnumerable([new SampleRow { Labels = ["Cup", "cup"], BoundingBoxes = [0, 0, 1, 1, 0, 0, 1, 1] }]);

        Assert.Contains("'Cup'", Assert.Throws<InvalidDataException>(() => Trainer(Options).Fit(data)).Message);
        Assert.Contains("no rows", Assert.Throws<ArgumentException>(() => Trainer(Options).Fit(_context.Data.LoadFromEnumerable(Array.Empty<SampleRow>()))).Message);
    }

    [Fact]
    public void A_label_too_long_to_be_read_whole_is_warned_of()
    {
        var warnings = new List<string>();
        _context.Log += (_, e) => { if (e.Kind == Runtime.ChannelMessageKind.Warning) warnings.Add(e.RawMessage); };
        var name = "a very long name of a thing that goes on and on";
        var data = _context.Data.LoadFromEnumerable(Rows().Select(r => { r.Labels = [.. r.Labels.Select(_ => name)]; return r; }));

        using var detector = Trainer(Options with { Epochs = 0.5, Tokenizer = BytePairLearner.Learn([], 0) }).Fit(data);

        Assert.Contains(warnings, w => w.Contains(name) && w.Contains("is not read"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private DetClipTrainer Trainer(DetClipTrainer.Options options) => _context.DetClip().Trainers.OpenVocabularyDetection(options);

    private IDataView Data() => _context.Data.LoadFromEnumerable(Rows());

    private static IEnumerable<SampleRow> Rows() => Tiny.Samples(4).Select(SampleRow.Of);
}
