using Microsoft.ML.DetClip.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>That a run which was stopped and goes on ends with the weights of one that never stopped, to the bit.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-resume").FullName;

    private string Last => RunFolder.LastIn(_folder);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(10)]
    public void A_run_stopped_after_a_step_goes_on_bit_for_bit(int stopAfter)
    {
        var options = ResumableRun.Options with { RunFolder = _folder, StepsPerCheckpoint = 100 };

        var whole = ResumableRun.Train(ResumableRun.Options);
        using var cancellation = new CancellationTokenSource();
        ResumableRun.Train(options, afterStep: step => { if (step.Step == stopAfter) cancellation.Cancel(); }, cancellation: cancellation.Token);
        var rest = new List<TrainingProgress>();
        var resumed = ResumableRun.Train(options, afterStep: rest.Add);

        Assert.Equal(whole.Steps.Skip(stopAfter).Select(s => (s.Loss, s.PairTemperature)), rest.Select(s => (s.Loss, s.PairTemperature)));
        Assert.Equal(whole.Weights, resumed.Weights);
    }

    [Fact]
    public void The_state_is_what_drop_path_average_and_accumulation_need()
    {
        // The tests above would show nothing if these had no effect on the weights.
        var whole = ResumableRun.Train(ResumableRun.Options);

        Assert.NotEqual(whole.Weights, ResumableRun.Train(ResumableRun.Options with { AverageDecay = 0 }).Weights);
        Assert.NotEqual(whole.Weights, ResumableRun.Train(ResumableRun.Options, dropPath: 0).Weights);
        Assert.NotEqual(whole.Weights, ResumableRun.Train(ResumableRun.Options with { WordRegion = ResumableRun.Options.WordRegion with { LearnTemperature = false } }).Weights);
        Assert.NotEqual(0.5, whole.Steps[^1].PairTemperature, 1e-4);
        Assert.Equal(10, whole.Steps.Count);
        Assert.Equal(3, whole.Steps.CountBy(s => s.Kind).Count());
    }

    [Fact]
    public void A_run_that_is_over_is_over()
    {
        var options = ResumableRun.Options with { RunFolder = _folder };
        var first = ResumableRun.Train(options);
        var written = File.GetLastWriteTimeUtc(Last);

        var again = ResumableRun.Train(options);

        Assert.Empty(again.Steps);
        Assert.Equal(first.Weights, again.Weights);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Last));
    }

    [Fact]
    public void A_checkpoint_is_a_network_that_detects_as_the_run_would_end()
    {
        var trained = ResumableRun.Train(ResumableRun.Options with { RunFolder = _folder });

        using var checkpoint = Checkpoint.Open(Last);
        using var network = checkpoint.CreateNetwork();

        Assert.Equal(trained.Weights, Tiny.Weights(network));
        Assert.Equal(10, checkpoint.Step);
    }

    [Fact]
    public void Without_resume_a_run_begins_anew_and_clears_the_folder()
    {
        var options = ResumableRun.Options with { RunFolder = _folder };
        File.WriteAllText(Last, "no checkpoint");
        File.WriteAllText(Last + ".0123.partial", "half a checkpoint");

        var anew = ResumableRun.Train(options with { Resume = false });

        Assert.Equal(10, anew.Steps.Count);
        Assert.Equal([Last], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Settings_that_would_change_the_run_are_named()
    {
        var options = ResumableRun.Options with { RunFolder = _folder };
        ResumableRun.Train(options);

        var error = Assert.Throws<InvalidDataException>(() => ResumableRun.Train(options with
        {
            LearningRate = 0.5,
            Seed = 7,
            Detection = options.Detection with { BatchSize = 3 },
            Freeze = ["neck"],
        }));

        Assert.Contains("LearningRate was 0.005, is 0.5", error.Message);
        Assert.Contains("Seed was 1, is 7", error.Message);
        Assert.Contains("Detection.BatchSize was 2, is 3", error.Message);
        Assert.Contains("Freeze was [], is [\"neck\"]", error.Message);
        Assert.DoesNotContain("Epochs", error.Message);
    }

    [Fact]
    public void Settings_that_change_nothing_may_change()
    {
        var options = ResumableRun.Options with { RunFolder = _folder };
        ResumableRun.Train(options);

        ResumableRun.Train(options with { BatchesAhead = 3, StepsPerCheckpoint = 7, StepsPerMessage = 1, RecomputeActivations = true });
    }

    [Fact]
    public void Other_data_are_told_apart()
    {
        var options = ResumableRun.Options with { RunFolder = _folder };
        ResumableRun.Train(options);

        var error = Assert.Throws<InvalidDataException>(() => ResumableRun.Train(options, samples: [.. ResumableRun.Samples.Reverse()]));

        Assert.Contains("the data was", error.Message);
    }

    [Fact]
    public void Another_networks_checkpoint_is_refused_and_nothing_changed()
    {
        ResumableRun.Train(ResumableRun.Options with { RunFolder = _folder });
        using var other = DetClipNetwork.Create(ResumableRun.Network with { Head = ResumableRun.Network.Head with { TowerDepth = 2 } }, seed: 1);
        var before = Tiny.Weights(other);
        var loop = new TrainingLoop(other, ResumableRun.Tokenizer, ResumableRun.Samples, ResumableRun.Options, CPU) { Folder = new(_folder, ResumableRun.Tokenizer) };

        var error = Assert.Throws<InvalidDataException>(() => loop.Run());

        Assert.Contains("head.cls_tower.1.conv.weight [8, 8, 3, 3] is missing", error.Message);
        Assert.Equal(before, Tiny.Weights(other));
    }

    [Fact]
    public void A_checkpoint_cut_short_is_refused()
    {
        ResumableRun.Train(ResumableRun.Options with { RunFolder = _folder });
        using (var file = File.OpenWrite(Last)) file.SetLength(file.Length * 2 / 3);

        Assert.Contains(Last, Assert.Throws<InvalidDataException>(() => ResumableRun.Train(ResumableRun.Options with { RunFolder = _folder })).Message);
    }

    [Fact]
    public void A_checkpoint_without_a_state_is_refused()
    {
        using (var network = DetClipNetwork.Create(ResumableRun.Network, seed: 1)) Checkpoint.Save(Last, network, ResumableRun.Tokenizer, step: 5);

        Assert.Contains("StartFrom", Assert.Throws<InvalidDataException>(() => ResumableRun.Train(ResumableRun.Options with { RunFolder = _folder })).Message);
    }

    [Theory]
    [InlineData("training", "{")]
    [InlineData("training", "null")]
    [InlineData("settings", "[1")]
    public void A_damaged_state_is_refused(string key, string value)
    {
        ResumableRun.Train(ResumableRun.Options with { RunFolder = _folder });
        Rewrite(metadata => metadata[key] = value);

        Assert.Throws<InvalidDataException>(() => ResumableRun.Train(ResumableRun.Options with { RunFolder = _folder }));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Rewrite(Action<Dictionary<string, string>> change)
    {
        SafeTensor[] tensors;
        Dictionary<string, string> metadata;
        using (var file = SafeTensorsFile.Open(Last))
        {
            metadata = new(file.Metadata);
            tensors = [.. file.Tensors.Select(t => { var bytes = new byte[t.ByteCount]; file.ReadBytes(t, bytes); return new SafeTensor(t, bytes); })];
        }
        change(metadata);
        SafeTensorsFile.Write(Last, tensors, metadata);
    }
}
