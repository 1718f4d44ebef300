using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class DropPathTests
{
    [Fact]
    public void Whole_images_are_dropped_and_the_rest_scaled_so_that_the_mean_stays()
    {
        const int Images = 20_000;
        const double Rate = 0.3;
        using var scope = NewDisposeScope();
        random.manual_seed(3);

        var y = TorchOps.Training.DropPath(ones(Images, 2, 3), Rate).view(Images, -1);

        TensorAssert.Close(y.narrow(1, 0, 1).expand(-1, 6), y, absolute: 0);
        TensorAssert.Close(tensor(new[] { 0, 1 / (1 - (float)Rate) }), y.unique().output, absolute: 1e-6);
        Assert.Equal(1, y.mean().item<float>(), 5 * Math.Sqrt(Rate / (1 - Rate) / Images)); // five deviations of the mean
    }

    [Fact]
    public void Nothing_is_dropped_in_inference_or_at_rate_0()
    {
        using var scope = NewDisposeScope();
        var x = randn(50, 2);
        TensorAssert.Equal(x, TorchOps.Inference.DropPath(x, 0.9));
        TensorAssert.Equal(x, TorchOps.Training.DropPath(x, 0));
    }
}
