using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

public class WeightAverageTests
{
    [Fact]
    public void Average_follows_the_formula()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(1, 1);
        Set(layer, 0);
        using var average = new WeightAverage(layer, decay: 0.5);
        var expected = 0.0;

        for (var step = 0; step < 20; step++)
        {
            Set(layer, step);
            average.Update();
            var keep = Math.Min(0.5, (1.0 + step) / (10 + step));
            expected = keep * expected + (1 - keep) * step;
        }
        average.Swap();

        Assert.Equal(expected, layer.weight.item<float>(), 1e-4);
        average.Swap();
        Assert.Equal(19, layer.weight.item<float>());
    }

    [Fact]
    public void Updating_leaves_no_tensors_behind()
    {
        using var layer = nn.Linear(3, 3);
        using var average = new WeightAverage(layer, decay: 0.9);

        LeakAssert.NoTensorsLeftBy(average.Update);
    }

    private static void Set(TorchSharp.Modules.Linear layer, float value)
    {
        using var noGrad = no_grad();
        layer.weight.fill_(value);
    }
}
