using TorchSharp;

namespace Microsoft.ML.DetClip.Training.Tests;

public class OperatorThreadsTests
{
    [Fact]
    public void Are_as_many_as_asked_for_while_in_use_and_as_before_afterwards()
    {
        var before = torch.get_num_threads();

        using (OperatorThreads.Use(3)) Assert.Equal(3, torch.get_num_threads());
        Assert.Equal(before, torch.get_num_threads());
        using (OperatorThreads.Use(0)) Assert.Equal(before, torch.get_num_threads());
    }

    [Fact]
    public void A_run_keeps_to_its_number()
    {
        using var network = Modeling.DetClipNetwork.Create(Tiny.Network, seed: 1);
        var seen = new HashSet<int>();

        new TrainingLoop(network, Tiny.Tokenizer, Tiny.Samples(2), Tiny.Options with { OperatorThreads = 2 }, torch.CPU).Run(_ => seen.Add(torch.get_num_threads()));

        Assert.Equal([2], seen);
    }
}
