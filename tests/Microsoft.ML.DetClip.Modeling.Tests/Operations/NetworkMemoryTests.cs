using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class NetworkMemoryTests
{
    [Fact]
    public void A_result_exists_from_where_it_is_made_to_its_last_use()
    {
        var tape = new ResultTape();
        var x = tape.Make(new(10), passing: 0);
        var y = tape.Make(new(4), passing: 0, x);      // x, y
        var z = tape.Make(new(5), passing: 0, y);      // x, y, z
        tape.Make(new(2), passing: 1, x, z);           // x, z, the last, and what passes

        Assert.Equal(19, tape.Peak());
        tape.Make(new(20), passing: 0, z);             // x is gone; the last stays, for nobody uses it
        Assert.Equal(27, tape.Peak());
    }

    [Theory]
    [InlineData(false, 30)]
    [InlineData(true, 20)]
    public void A_sum_takes_over_the_memory_of_an_operand_that_is_not_needed_any_more(bool inPlace, long peak)
    {
        var tape = new ResultTape();
        var (a, b) = (tape.Make(new(10), passing: 0), tape.Make(new(10), passing: 0));

        var sum = inPlace ? tape.MakeInPlace(new(10), a, b) : tape.Make(new(10), passing: 0, a, b);

        Assert.Equal(peak, tape.Peak());
        tape.MakeInPlace(new(10), sum, sum);
        Assert.Equal(peak, tape.Peak());
    }

    [Fact]
    public void An_operand_that_is_needed_later_keeps_its_memory()
    {
        var tape = new ResultTape();
        var a = tape.Make(new(10), passing: 0);
        var b = tape.MakeInPlace(new(10), a);
        Assert.Equal(10, tape.Peak());

        tape.MakeInPlace(new(10), b, a);
        Assert.Equal(20, tape.Peak());
    }

    [Theory]
    [InlineData("nano")]
    [InlineData("swin-t")]
    public void It_grows_with_pixels_and_images(string variant)
    {
        using var scope = NewDisposeScope();
        using var meta = DefaultDevice.Use(META);
        var network = new DetClipNetwork(DetClipVariants.Named(variant));
        long Peak(int images, int height, int width)
        {
            var ops = new CostOps();
            network.Detect(ops, new(images, 3, height, width), new(80, network.Config.EmbeddingWidth), 1000);
            return ops.PeakElements;
        }

        var one = Peak(1, 448, 448);
        Assert.InRange(Peak(1, 896, 448) / (double)one, 1.9, 2.1);
        Assert.InRange(Peak(1, 896, 896) / (double)one, 3.8, 4.2);
        Assert.InRange(Peak(4, 448, 448) / (double)one, 3, 4); // of the deformable convolution's samples, those of one image exist
    }

    // Growth of a process, without the pixels, that ran a batch of 4 with 80 names, ONNX Runtime 1.31.1, CPU: eng/docs/log.md, "Memory of a batch".
    [Theory]
    [InlineData("nano", 640, 640, 80, 93)]
    [InlineData("nano", 800, 1344, 80, 82)]
    [InlineData("swin-t", 640, 640, 80, 375)]
    [InlineData("swin-t", 800, 1344, 80, 337)]
    public void What_is_counted_is_about_what_a_process_was_measured_to_take(string variant, int height, int width, int concepts, double bytesPerPixel)
    {
        using var scope = NewDisposeScope();
        using var meta = DefaultDevice.Use(META);
        var memory = NetworkMemory.Of(new(DetClipVariants.Named(variant)), height, width, maxRegions: 1000);

        var estimate = MemoryBudget.Growth * memory.Of(1, concepts);

        Assert.InRange(bytesPerPixel / estimate, 0.6, 1); // never too low, and not twice too high
    }

    [Fact]
    public void No_variant_takes_more_than_a_detector_that_does_not_say()
    {
        foreach (var config in DetClipVariants.All)
        {
            using var scope = NewDisposeScope();
            using var meta = DefaultDevice.Use(META);
            var memory = NetworkMemory.Of(new(config), 800, 1344, maxRegions: 1000);

            Assert.InRange(memory.BytesPerPixel, 1, DetectorMemory.Unknown.BytesPerPixel);
            Assert.InRange(memory.BytesPerPixelAndPhrase, 4 / 64.0, DetectorMemory.Unknown.BytesPerPixelAndPhrase); // a float for each location
        }
    }
}
