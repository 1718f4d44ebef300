using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class RecomputationTests
{
    private static readonly DetClipConfig Config = new()
    {
        Variant = "tiny",
        Backbone = new() { Channels = 8, Depths = [1, 2, 2, 1], Heads = [1, 1, 2, 2], Window = 4, DropPath = 0.5 },
        Head = new() { Channels = 8, TowerDepth = 1, NormGroups = 2 },
        Text = new() { Vocabulary = 20, Layers = 2, Width = 8, Heads = 2, Length = 4 },
        EmbeddingWidth = 8,
    };

    [Fact]
    public void Value_and_gradients_are_the_same_to_the_bit_with_the_same_drop_path()
    {
        var (plain, after) = Run(recompute: false);
        var (again, afterAgain) = Run(recompute: true);

        Assert.Equal(plain.Keys, again.Keys);
        Assert.All(plain, entry => Assert.Equal(entry.Value, again[entry.Key]));
        Assert.Equal(after, afterAgain); // the generator stands where it would have stood
    }

    [Fact]
    public void The_part_runs_once_forward_and_once_back()
    {
        using var scope = NewDisposeScope();
        var (runs, ops) = (0, TorchOps.ForTraining(ScalarType.Float32, recompute: true));
        var x = ones(3).requires_grad_();

        var y = ops.Recomputed(x * 1, input => { runs++; return input.square(); });
        Assert.Equal(1, runs);
        Assert.True(y.requires_grad);
        y.sum().backward();

        Assert.Equal(2, runs);
        TensorAssert.Equal(full(3, 2.0f), x.grad!);
    }

    [Fact]
    public void Where_no_gradient_is_wanted_nothing_is_kept()
    {
        using var scope = NewDisposeScope();
        var (runs, ops) = (0, TorchOps.ForTraining(ScalarType.Float32, recompute: true));

        var y = ops.Recomputed(ones(3), input => { runs++; return input.square(); });

        Assert.False(y.requires_grad);
        Assert.Equal(1, runs);
    }

    [Fact]
    public void Steps_leave_no_tensors_behind()
    {
        using var network = DetClipNetwork.Create(Config, seed: 1);
        using var pixels = rand(2, 3, 64, 64);
        var ops = TorchOps.ForTraining(ScalarType.Float32, recompute: true);
        network.train();

        LeakAssert.NoTensorsLeftBy(() =>
        {
            using var scope = NewDisposeScope();
            network.Locations(ops, pixels).Embeddings.sum().backward();
            foreach (var parameter in network.parameters()) parameter.grad = null;
        });
    }

    [Fact]
    public void Gradients_on_a_thread_of_their_own_as_on_a_GPU_leave_no_tensors_behind()
    {
        using var network = DetClipNetwork.Create(Config with { Head = Config.Head with { Deformable = false } }, seed: 1); // its kernel is for the CPU, whose gradients stay on the thread
        using var pixels = rand(2, 3, 64, 64);
        var ops = TorchOps.ForTraining(ScalarType.Float32, recompute: true);
        network.train();
        using var scope = NewDisposeScope();
        var losses = new Queue<Tensor>([.. Enumerable.Range(0, 2).Select(_ => network.Locations(ops, pixels).Embeddings.sum())]);
        Exception? failure = null;

        var thread = new Thread(() => failure = Record.Exception(() => LeakAssert.NoTensorsLeftBy(() => losses.Dequeue().backward())));
        thread.Start();
        thread.Join();

        Assert.Null(failure);
        Assert.Empty(losses);
    }

    private static (Dictionary<string, float[]> Values, byte[] RandomState) Run(bool recompute)
    {
        using var scope = NewDisposeScope();
        using var network = DetClipNetwork.Create(Config, seed: 1);
        network.train();
        var ops = TorchOps.ForTraining(ScalarType.Float32, recompute);
        var pixels = rand(3, 3, 72, 56);
        var output = network.Locations(ops, pixels);
        var texts = network.EncodeText(ops, tensor(new long[] { 1, 2, 19, 0, 3, 19, 0, 0 }).view(2, 4));
        var value = output.Embeddings.square().sum() + output.Deltas.square().sum() + texts.square().sum();
        value.backward();
        var values = network.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => p.parameter.grad!.data<float>().ToArray());
        values["value"] = [value.item<float>()];
        return (values, get_rng_state().bytes.ToArray());
    }
}
