namespace Microsoft.ML.DetClip.Datasets.Tests;

/// <summary>Measures the memory of the process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(LargeCocoTests), DisableParallelization = true)]
[Collection(nameof(LargeCocoTests))]
public class LargeCocoTests : TempFolder
{
    [Fact]
    public void What_is_held_of_a_file_is_a_small_part_of_it()
    {
        LargeCoco.Write(InFolder("large.json"), 20_000_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        using var samples = DatasetFormat.Named("coco").Read(InFolder("large.json"), new() { ImageFolder = Folder, CheckImageFiles = false }).GetEnumerator();
        Assert.True(samples.MoveNext());
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.Equal(12, samples.Current.Boxes.Count);
        Assert.InRange(held, 0, new FileInfo(InFolder("large.json")).Length / 4);
    }
}
