using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>Fine-tuning of a tiny trained detector: what changes, and what does not.</summary>
public sealed class FineTuningTests : IDisposable
{
    private static readonly DetClipTrainer.Options Options = Tiny.OptionsForTrainer;

    private readonly MLContext _context = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-fine-tuning").FullName;
    private readonly OpenVocabularyDetectionTransformer _base;

    public FineTuningTests() => _base = Fit(Options with { RunFolder = InFolder("base") }, new(Data(Tiny.Samples(4))));

    private DetClipTrainer.Options FineTuning => Options with { StartFrom = BaseCheckpoint, Epochs = 3 };

    private string BaseCheckpoint => InFolder("base/last.safetensors");

    public void Dispose()
    {
        _base.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Head_only_leaves_every_other_weight_as_it_was_to_the_bit()
    {
        Fit(FineTuning with { Mode = FineTuningMode.HeadOnly, RunFolder = InFolder("head"), LearningRate = 0.01 }, New).Dispose();

        var (before, after) = (Weights(BaseCheckpoint), Weights(InFolder("head/last.safetensors")));
        Assert.Equal(before.Keys, after.Keys);
        Assert.All(before.Where(w => !w.Key.StartsWith("head.")), w => Assert.Equal(w.Value, after[w.Key]));
        Assert.True(before.Count(w => w.Key.StartsWith("head.") && !w.Value.SequenceEqual(after[w.Key])) > 4);
    }

    [Fact]
    public void Offsets_only_leaves_the_whole_network_and_the_scores_of_other_names_as_they_were_to_the_bit()
    {
        var options = FineTuning with { Mode = FineTuningMode.OffsetsOnly, RunFolder = InFolder("offsets"), LearningRate = 0.05 };
        using var tuned = Fit(options, New);
        Concept[] names = ["white ring", "purple cross", .. NewNames];
        using var before = _base.WithVocabulary(names);
        using var after = tuned.WithVocabulary(names);

        var (was, now) = (Weights(BaseCheckpoint), Weights(InFolder("offsets/last.safetensors")));
        Assert.All(was, w => Assert.Equal(w.Value, now[w.Key]));
        Assert.Equal(NewNames.Order(), tuned.Delta!.Sentences.Order());
        Assert.Equal(ScoresOf(before, "white ring"), ScoresOf(after, "white ring"));
        Assert.Equal(ScoresOf(before, "purple cross"), ScoresOf(after, "purple cross"));
        Assert.NotEqual(ScoresOf(before, NewNames[0]), ScoresOf(after, NewNames[0]));
    }

    [Fact]
    public void A_closed_set_trains_the_network_and_a_vector_for_each_label_and_leaves_the_text_encoder_as_it_was_to_the_bit()
    {
        using var tuned = Fit(FineTuning with { Mode = FineTuningMode.ClosedSet, RunFolder = InFolder("closed"), LearningRate = 0.01 }, New);
        using var asked = tuned.WithVocabulary(["white ring", .. NewNames]);
        using var without = asked.WithDelta(null);

        var (before, after) = (Weights(BaseCheckpoint), Weights(InFolder("closed/last.safetensors")));
        Assert.All(before.Where(w => w.Key.StartsWith("text.")), w => Assert.Equal(w.Value, after[w.Key]));
        Assert.All((string[])["backbone.", "head."], part => Assert.Contains(before, w => w.Key.StartsWith(part) && !w.Value.SequenceEqual(after[w.Key])));
        Assert.Equal(NewNames.Order(), tuned.Delta!.Sentences.Order());
        Assert.All(NewNames, name => Assert.NotEqual(ScoresOf(without, name), ScoresOf(asked, name)));
        Assert.Equal(ScoresOf(without, "white ring"), ScoresOf(asked, "white ring")); // no label of the data
    }

    [Fact]
    public void A_closed_set_is_learned_from_nothing_too_and_takes_boxes_alone()
    {
        var options = Options with { Mode = FineTuningMode.ClosedSet, Epochs = 30, LearningRate = 0.01 };
        var (reports, samples) = (new List<TrainingProgress>(), Tiny.Samples(4));

        using var detector = _context.DetClip().Trainers.OpenVocabularyDetection(options).Fit(Data(samples), new Sink(reports.Add));

        Assert.InRange(reports[^4..].Average(r => r.AlignmentLoss), 0, 0.8 * reports[..4].Average(r => r.AlignmentLoss));
        Assert.Equal(samples.SelectMany(s => s.Concepts).Select(c => c.Name).Distinct().Order(), detector.Delta!.Sentences.Order());
        var captioned = new DetClipTrainer.Options { Mode = FineTuningMode.ClosedSet, CaptionColumnName = nameof(CaptionedRow.Caption) };
        var data = _context.Data.LoadFromEnumerable([new CaptionedRow()]);
        Assert.Contains("has a caption", Assert.Throws<ArgumentException>(() => TrainingSamples.Read(new(data), captioned)).Message);
        Assert.Contains("AverageDecay is 0.5, allowed: 0 where Mode is ClosedSet", Assert.Throws<ArgumentException>(() => (options with { AverageDecay = 0.5 }).Checked()).Message);
    }

    [Fact]
    public void A_delta_is_a_file_of_kilobytes_that_fits_its_base_and_no_other()
    {
        using var tuned = Fit(FineTuning with { Mode = FineTuningMode.OffsetsOnly, LearningRate = 0.05 }, New);
        using var other = Fit(Options with { Seed = 2 }, new(Data(Tiny.Samples(4))));
        tuned.Delta!.Save(InFolder("delta.json"));

        var delta = EmbeddingDelta.Load(InFolder("delta.json"));
        using var over = _base.WithDelta(delta).WithVocabulary(NewNames.Select(n => new Concept(n)));
        using var asTuned = tuned.WithVocabulary(NewNames.Select(n => new Concept(n)));
        using var without = over.WithDelta(null);
        using var plain = _base.WithVocabulary(NewNames.Select(n => new Concept(n)));

        // A number has four bytes, four letters of Base64 hold three; then the name, its quotes, and once the hash.
        Assert.InRange(new FileInfo(InFolder("delta.json")).Length, 1, 300 + NewNames.Length * (delta.Width * 16 / 3 + 40));
        Assert.Equal(ScoresOf(asTuned, NewNames[0]), ScoresOf(over, NewNames[0]));
        Assert.Equal(ScoresOf(plain, NewNames[0]), ScoresOf(without, NewNames[0]));
        Assert.Contains("learned with another detector", Assert.Throws<InvalidDataException>(() => other.WithDelta(delta)).Message);
    }

    [Fact]
    public void A_saved_model_keeps_its_delta()
    {
        using var tuned = Fit(FineTuning with { Mode = FineTuningMode.OffsetsOnly, LearningRate = 0.05 }, New);
        _context.Model.Save(tuned, Data(Tiny.Samples(1)).Schema, InFolder("model.zip"));

        using var loaded = (OpenVocabularyDetectionTransformer)_context.Model.Load(InFolder("model.zip"), out _);
        using var plain = loaded.WithDelta(null);
        using var plainBase = _base.WithVocabulary(loaded.Options.Labels);

        foreach (var name in NewNames)
        {
            Assert.Equal(ScoresOf(tuned, name), ScoresOf(loaded, name));
            Assert.Equal(ScoresOf(plainBase, name), ScoresOf(plain, name)); // the delta is nowhere but in the delta
        }
    }

    [Theory]
    [InlineData("{}", "is no delta")]
    [InlineData("""{ "formatVersion": 9, "baseHash": "a", "width": 1, "offsets": {} }""", "format 9")]
    [InlineData("""{ "formatVersion": 1, "baseHash": "a", "width": 2, "offsets": { "mug": "AAAAAA==" } }""", "the offset of 'mug' is not 2 finite numbers")]
    [InlineData("""{ "formatVersion": 1, "baseHash": "a", "width": 2, "offsets": { "mug": "?" } }""", "damaged")]
    [InlineData("no", "damaged")]
    public void A_damaged_delta_is_refused(string json, string problem)
    {
        File.WriteAllText(InFolder("delta.json"), json);

        var message = Assert.Throws<InvalidDataException>(() => EmbeddingDelta.Load(InFolder("delta.json"))).Message;

        Assert.Contains(problem, message);
        Assert.Contains(InFolder("delta.json"), message);
    }

    [Theory]
    [InlineData(FineTuningMode.OffsetsOnly)]
    [InlineData(FineTuningMode.ClosedSet)]
    public void A_run_of_offsets_goes_on_as_if_it_had_not_stopped(FineTuningMode mode)
    {
        var options = FineTuning with { Mode = mode, LearningRate = 0.05 };
        using var straight = Fit(options, New);
        using var stop = new CancellationTokenSource();
        var run = options with { RunFolder = InFolder("run") };
        _context.DetClip().Trainers.OpenVocabularyDetection(run).Fit(New, new Sink(step => { if (step.Step == 2) stop.Cancel(); }), stop.Token).Dispose();

        using var resumed = Fit(run, New);

        Assert.Equal(Saved(straight, "straight.json"), Saved(resumed, "resumed.json"));
    }

    [Theory]
    [InlineData(FineTuningMode.Full)]
    [InlineData(FineTuningMode.HeadOnly)]
    [InlineData(FineTuningMode.OffsetsOnly)]
    public void What_is_forgotten_is_measured_and_told(FineTuningMode mode)
    {
        var (reports, messages) = (new List<TrainingProgress>(), new List<string>());
        _context.Log += (_, e) => messages.Add(e.RawMessage);
        var held = Tiny.World.Scenes(2, ["white ring", "purple cross"], seed: 9);

        _context.DetClip().Trainers.OpenVocabularyDetection(FineTuning with { Mode = mode, RunFolder = InFolder("run"), LearningRate = 0.02 })
            .Fit(New with { Held = Data(held) }, new Sink(reports.Add)).Dispose();

        var outcome = reports[^1].Held!;
        Assert.All(reports[..^1], report => Assert.Null(report.Held));
        Assert.Equal(reports[^2].Step, reports[^1].Step);
        Assert.Equal((held.SelectMany(s => s.Concepts).Distinct().Count(), 2), (outcome.Names, outcome.Images));
        Assert.Equal(outcome.Before.AP - outcome.After.AP, outcome.Forgotten);
        if (mode == FineTuningMode.OffsetsOnly) Assert.Equal(outcome.Before.AP, outcome.After.AP);
        Assert.Contains(outcome.ToString(), messages);
        var rows = File.ReadLines(InFolder("run/metrics.csv")).Select(line => line.Split(',')[2]).ToArray();
        Assert.Equal(["held_before", "held_after"], rows[^2..]);
        Assert.Equal(EvaluateBase(held), outcome.Before.AP50, 6);
    }

    [Fact]
    public void Bad_settings_and_data_are_named_at_once()
    {
        var bad = Options with { Mode = FineTuningMode.OffsetsOnly, ReplayShare = 1, AverageDecay = 0.5, EarlyStoppingPatience = 2 };
        var replay = FineTuning with { Mode = FineTuningMode.OffsetsOnly };

        Assert.Equal(
            "ReplayShare is 1, allowed: 0 to below 1; StartFrom is null, allowed: a checkpoint where Mode is OffsetsOnly; AverageDecay is 0.5, allowed: 0 where Mode is OffsetsOnly; " +
            "EarlyStoppingPatience is 2, allowed: 0 where Mode is OffsetsOnly.", Assert.Throws<ArgumentException>(() => bad.Checked()).Message);
        Assert.Contains("nothing can be forgotten", Assert.Throws<ArgumentException>(() => Fit(replay, New with { Replay = New.Input })).Message);
    }

    private static readonly string[] NewNames = ["red star", "blue moon"];

    // Objects of the seen world by names that it does not have.
    private TrainingData New => new(Data([.. Tiny.Samples(4).Select(s => s with { Concepts = [.. s.Concepts.Select((_, i) => new Concept(NewNames[i % 2]))] })]));

    private OpenVocabularyDetectionTransformer Fit(DetClipTrainer.Options options, TrainingData data) => _context.DetClip().Trainers.OpenVocabularyDetection(options).Fit(data);

    private IDataView Data(IReadOnlyList<TrainingSample> samples) => _context.Data.LoadFromEnumerable(samples.Select(SampleRow.Of));

    // All detections of a name, down to nothing, in an order that other names have no part in.
    private float[] ScoresOf(OpenVocabularyDetectionTransformer detector, string name)
    {
        using var open = detector.WithOptions(detector.Options with { ScoreThreshold = 0, MaxDetections = 10_000, MaxRegions = 10_000 });
        var found = open.Transform(Data(Tiny.Samples(2)));
        return [.. found.GetColumn<DetectionList>("Detections").SelectMany(list => list.Where(d => d.Label == name)).SelectMany(d => new[] { d.Score, d.Box.X0, d.Box.Y1 })];
    }

    private string Saved(OpenVocabularyDetectionTransformer detector, string name)
    {
        detector.Delta!.Save(InFolder(name));
        return File.ReadAllText(InFolder(name));
    }

    private double EvaluateBase(IReadOnlyList<TrainingSample> held)
    {
        using var checkpoint = Checkpoint.Open(BaseCheckpoint);
        using var network = checkpoint.CreateNetwork();
        var concepts = held.SelectMany(s => s.Concepts).Distinct().ToArray();
        return new TrainingValidation(held, concepts, new SentenceTokens(checkpoint.Tokenizer, network.Config.Text.Length), 64, 64).Measure(network).AP50;
    }

    private static Dictionary<string, float[]> Weights(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        using var network = checkpoint.CreateNetwork();
        return network.state_dict().ToDictionary(w => w.Key, w => w.Value.to(float32).data<float>().ToArray());
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    private sealed class CaptionedRow
    {
        public byte[] Image { get; set; } = [1];

        public string[] Labels { get; set; } = ["red star"];

        public float[] BoundingBoxes { get; set; } = [0, 0, 8, 8];

        public string Caption { get; set; } = "a red star";
    }
}
