using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.Runtime;
using SkiaSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

public sealed class RunFilesTests : IDisposable
{
    private static readonly DetClipTrainer.Options Options =
        Tiny.OptionsForTrainer with { StepsPerPicture = 3, SamplePictures = 2 };

    private readonly MLContext _context = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-run").FullName;

    private string RunFolder => Path.Combine(_folder, "run");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_leaves_a_table_curves_events_and_pictures_and_is_not_changed_by_that()
    {
        var (plain, watched) = (new List<TrainingProgress>(), new List<TrainingProgress>());

        Fit(Options, plain.Add);
        Fit(Options with { RunFolder = RunFolder }, watched.Add);

        Assert.Equal(plain.Select(step => step.Loss), watched.Select(step => step.Loss));
        var rows = MetricsFile.Read(Path.Combine(RunFolder, RunFiles.MetricsFileName)).ToArray();
        Assert.Equal([1L, 2, 3, 4], rows.Where(r => r.Kind == "detection").Select(r => r.Step));
        Assert.Equal(watched.Select(s => s.Loss), rows.Where(r => r.Kind == "detection").Select(r => r["loss"]!.Value), (a, b) => Math.Abs(a - b) < 1e-5 * a);
        Assert.Equal([2L, 4], rows.Where(r => r.Kind == MetricsRow.Validation).Select(r => r.Step));
        Assert.Equal(["0.png", "1.png"], Directory.GetFiles(Path.Combine(RunFolder, "samples", "step-0000004")).Select(Path.GetFileName).Order());
        Assert.True(Directory.Exists(Path.Combine(RunFolder, "samples", "step-0000003")));
        using var curves = SKBitmap.Decode(Path.Combine(RunFolder, RunFiles.CurvesFileName));
        Assert.Equal(3 * 320, curves.Height); // detection, validation, rate
    }

    [Fact]
    public void Events_hold_what_the_table_holds()
    {
        Fit(Options with { RunFolder = RunFolder }, _ => { });

        var events = EventReader.Read(Assert.Single(Directory.GetFiles(RunFolder, "events.out.tfevents.*")));

        var rows = MetricsFile.Read(Path.Combine(RunFolder, RunFiles.MetricsFileName)).ToArray();
        Assert.Equal(rows.Sum(r => r.Values.Count(v => v is not null)), events.Count(e => e.Scalar is not null));
        Assert.Equal(
            rows.Where(r => r["box_loss"] is not null).Select(r => (r.Step, (float)r["box_loss"]!.Value)),
            events.Where(e => e.Tag == "detection/box_loss").Select(e => (e.Step, e.Scalar!.Value)), (a, b) => a.Step == b.Step && Math.Abs(a.Item2 - b.Item2) < 1e-6);
        Assert.Equal(["samples/0", "samples/1", "samples/0", "samples/1"], events.Where(e => e.Picture is not null).Select(e => e.Tag));
        Assert.All(events.Where(e => e.Picture is not null), e => Assert.Equal((64L, 64L), (e.Width, e.Height)));
    }

    [Fact]
    public void A_run_that_goes_on_keeps_what_was_before_and_cuts_what_is_done_again()
    {
        using var network = DetClipNetwork.Create(Options.Network, seed: 1);

        Watch(network, 1, 2, 3, 4);
        Directory.CreateDirectory(Path.Combine(RunFolder, "samples", "step-0000004"));
        Directory.CreateDirectory(Path.Combine(RunFolder, "samples", "step-0000002"));
        Watch(network, 3);

        Assert.Equal([1L, 2, 3], MetricsFile.Read(Path.Combine(RunFolder, RunFiles.MetricsFileName)).Select(r => r.Step));
        Assert.Equal("step-0000002", Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(RunFolder, "samples")))));
    }

    [Fact]
    public void A_run_that_does_nothing_touches_nothing()
    {
        using (new RunFiles(RunFolder, stepsPerPicture: 1, new(RunFolder, [], _ => throw new InvalidOperationException())))
        {
        }

        Assert.False(Directory.Exists(RunFolder));
    }

    [Fact]
    public void A_resumed_training_continues_its_table()
    {
        Assert.Throws<InvalidOperationException>(() =>
            Fit(Options with { RunFolder = RunFolder, StepsPerCheckpoint = 3 }, step => { if (step.Step == 4) throw new InvalidOperationException("power cut"); }));

        Fit(Options with { RunFolder = RunFolder, StepsPerCheckpoint = 3 }, _ => { });

        Assert.Equal([1L, 2, 3, 4], MetricsFile.Read(Path.Combine(RunFolder, RunFiles.MetricsFileName)).Where(r => r.Kind == "detection").Select(r => r.Step));
    }

    [Fact]
    public void Looking_at_images_leaves_the_network_in_training_and_no_tensors_behind()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        network.train();
        var pictures = new SamplePictures(RunFolder, [Tiny.Samples(1)[0].Image], n =>
            new NetworkDetector(n, new SentenceTokens(Tiny.Tokenizer, Tiny.Network.Text.Length), [new Concept("red circle")], 64, 64) { Selection = SamplePictures.Shown });

        Testing.LeakAssert.NoTensorsLeftBy(() => pictures.Save(network, step: 1));

        Assert.True(network.training);
    }

    [Fact]
    public void Each_epoch_is_told_with_the_mean_losses_of_the_kinds()
    {
        var messages = new List<string>();
        var observer = new EpochMessages(2, messages.Add);

        foreach (var (step, loss) in new[] { 2.0, 4, 10, 20 }.Index())
            observer.AfterStep(new(step + 1, 4, (step + 1) / 2.0, loss, 0, 0, 0, 0, 0, 0), null!);

        Assert.Equal(2, messages.Count);
        Assert.Matches(@"^epoch 1 of 2 done in 0:00:\d\d: mean loss detection 3\.000$", messages[0]);
        Assert.EndsWith("detection 15.000", messages[1]);
    }

    [Fact]
    public void A_run_that_goes_on_tells_of_no_epoch_that_ended_before()
    {
        var messages = new List<string>();
        var observer = new EpochMessages(4, messages.Add);

        foreach (var step in new[] { 11, 12, 13 }) observer.AfterStep(new(step, 16, step / 4.0, 1, 0, 0, 0, 0, 0, 0), null!);

        Assert.StartsWith("epoch 3 of 4 done", Assert.Single(messages));
    }

    [Fact]
    public void Weights_to_begin_with_are_read_and_reported()
    {
        var path = Path.Combine(_folder, "clip.safetensors");
        using var scope = NewDisposeScope();
        var tokenizer = BytePairLearner.Learn([], mergeCount: 0);
        using var other = DetClipNetwork.Create(Options.Network with { Text = Options.Network.Text with { Vocabulary = tokenizer.VocabularySize } }, seed: 77);
        SafeTensorsFile.Write(path, StateFiles.Tensors(other.TextEncoder.state_dict()));
        var messages = new List<string>();
        _context.Log += (_, e) => { if (e.Kind == ChannelMessageKind.Info) messages.Add(e.RawMessage); };
        var options = Options with { InitialWeights = [path], Tokenizer = tokenizer, Epochs = 0.5 };

        Fit(options, _ => { });

        Assert.Contains(messages, m => m.Contains("clip.safetensors: OpenAI's names of CLIP's text encoder; 17 weights taken"));
        Assert.Contains("tokens of another vocabulary", Assert.Throws<InvalidDataException>(() => Fit(Options with { InitialWeights = [path] }, _ => { })).Message);
        Assert.Throws<ArgumentException>(() => Fit(Options with { InitialWeights = [path], StartFrom = "x" }, _ => { }));
    }

    private void Watch(DetClipNetwork network, params long[] steps)
    {
        var pictures = new SamplePictures(Path.Combine(RunFolder, RunFiles.SamplesFolderName), [], _ => throw new InvalidOperationException());
        using var files = new RunFiles(RunFolder, stepsPerPicture: 1000, pictures);
        foreach (var step in steps) files.AfterStep(new(step, 10, step / 10.0, 1, 1, 1, 1, 1, 1, 1), network);
    }

    private void Fit(DetClipTrainer.Options options, Action<TrainingProgress> take)
    {
        var data = _context.Data.LoadFromEnumerable(Tiny.Samples(4).Select(SampleRow.Of));
        _context.DetClip().Trainers.OpenVocabularyDetection(options).Fit(data, data, new Sink(take)).Dispose();
    }
}
