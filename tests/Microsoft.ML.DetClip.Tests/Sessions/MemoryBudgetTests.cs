namespace Microsoft.ML.DetClip.Tests;

public class MemoryBudgetTests
{
    private static readonly DetectorMemory Memory = new(200, 0.08);

    [Fact]
    public void A_larger_budget_never_gives_a_smaller_batch_nor_a_larger_image_a_larger_one()
    {
        var random = new Random(1);
        for (var round = 0; round < 2000; round++)
        {
            var (bytes, pixels, phrases) = (random.NextInt64(1, 1L << random.Next(1, 40)), random.NextInt64(1, 1L << random.Next(1, 24)), random.Next(1, 5000));
            var batch = new MemoryBudget(bytes, Memory).Batch(pixels, phrases);

            Assert.InRange(batch, 1, MemoryBudget.MostImages);
            Assert.InRange(new MemoryBudget(bytes + random.NextInt64(bytes), Memory).Batch(pixels, phrases), batch, MemoryBudget.MostImages);
            Assert.InRange(new MemoryBudget(bytes, Memory).Batch(pixels + random.NextInt64(pixels), phrases), 1, batch);
            Assert.InRange(new MemoryBudget(bytes, Memory).Batch(pixels, phrases + random.Next(phrases)), 1, batch);
        }
    }

    [Fact]
    public void A_batch_fits_the_budget_unless_one_image_does_not()
    {
        const int Pixels = 640 * 640, Phrases = 80;
        var one = new MemoryBudget(1, Memory).OfImage(Pixels, Phrases);
        Assert.Equal(Pixels * (12 + MemoryBudget.Growth * (200 + 80 * 0.08)), one, 1e-3);

        for (var images = 1; images < MemoryBudget.MostImages; images++)
            Assert.Equal(images, new MemoryBudget((long)(one * (images + 0.5)), Memory).Batch(Pixels, Phrases));
        Assert.Equal(1, new MemoryBudget((long)(one / 2), Memory).Batch(Pixels, Phrases));
        Assert.Equal(MemoryBudget.MostImages, new MemoryBudget(long.MaxValue, Memory).Batch(Pixels, Phrases));
    }

    [Fact]
    public void On_a_device_an_image_counts_for_more() =>
        Assert.True(new MemoryBudget(1, Memory, OnDevice: true).OfImage(1000, 1) > new MemoryBudget(1, Memory).OfImage(1000, 1));

    [Fact]
    public void A_budget_that_is_given_holds_on_every_device()
    {
        var runtime = new DetectorRuntime { MemoryBudget = 12345 };

        Assert.Equal([12345, 12345], new[] { false, true }.Select(onDevice => MemoryBudget.Of(runtime, ToyDetector.Manifest, onDevice).Bytes));
    }

    [Fact]
    public void Without_one_it_is_half_of_what_is_free_or_two_GiB_of_a_device()
    {
        var budget = MemoryBudget.Of(new(), ToyDetector.Manifest, onDevice: false).Bytes;

        Assert.InRange(budget, 0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
        Assert.Equal(2L << 30, MemoryBudget.Of(new(), ToyDetector.Manifest, onDevice: true).Bytes);
    }

    [Fact]
    public void Detectors_that_do_not_say_what_they_take_are_taken_for_large_ones()
    {
        Assert.Null(ToyDetector.Manifest.Memory);
        Assert.Equal(DetectorMemory.Unknown, MemoryBudget.Of(new(), ToyDetector.Manifest, onDevice: false).Memory);
        Assert.Equal(Memory, MemoryBudget.Of(new(), ToyDetector.Manifest with { Memory = Memory }, onDevice: false).Memory);
    }

    [Fact]
    public void What_a_manifest_says_of_memory_comes_back_and_must_make_sense()
    {
        var manifest = ToyDetector.Manifest with { Memory = Memory };

        Assert.Equal(Memory, DetectorManifest.Parse(manifest.ToJson()).Memory);
        Assert.All([new(0, 0), new(1, -1), new DetectorMemory(double.NaN, 0)], bad =>
            Assert.Contains("Memory is DetectorMemory", Assert.Throws<ArgumentException>(() => (manifest with { Memory = bad }).Checked()).Message, StringComparison.Ordinal));
    }
}
