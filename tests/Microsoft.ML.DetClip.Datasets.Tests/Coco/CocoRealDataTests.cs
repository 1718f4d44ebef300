using System.Text.Json;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Datasets.Tests;

public class CocoRealDataTests
{
    [SharedTheory("data/coco-mini", "data/coco128", "data/format-examples")]
    [InlineData("data/coco-mini/annotations/instances_train2017.json", "data/coco-mini/train2017", 80, 739, 8)]
    [InlineData("data/coco-mini/annotations/instances_val2017.json", "data/coco-mini/val2017", 79, 624, 5)]
    [InlineData("data/coco128/annotations/instances_train2017.json", "data/coco128/train2017", 128, 939, 10)]
    [InlineData("data/format-examples/coco/instances.json", "data/format-examples/images", 6, 44, 1)]
    public void Everything_in_the_file_is_read(string annotations, string images, int imageCount, int boxCount, int crowdCount)
    {
        var dataset = CocoDataset.Load(SharedData.Path(annotations), SharedData.Path(images));

        Assert.Equal(imageCount, dataset.Samples.Count);
        Assert.Equal(boxCount, dataset.Samples.Sum(sample => sample.Boxes.Count));
        Assert.Equal(crowdCount, dataset.Samples.Sum(sample => sample.IsCrowd.Count(crowd => crowd)));
        Assert.Equal(80, dataset.Categories.Count);
        Assert.Equal(0, dataset.Report.SkippedRecords);
        AssertSameAsDocument(SharedData.Path(annotations), dataset);
    }

    [SharedTheory("data/format-examples")]
    [InlineData("captions.json")]
    [InlineData("results_bbox.json")]
    public void Caption_and_result_files_are_refused(string name)
    {
        var error = Assert.Throws<InvalidDataException>(
            () => CocoDataset.Load(SharedData.Path("data/format-examples/coco/" + name), SharedData.Path("data/format-examples/images")));

        Assert.Contains("it is not a COCO detection file", error.Message);
    }

    /// <summary>The same file read the plain way, as a document.</summary>
    private static void AssertSameAsDocument(string path, CocoDataset dataset)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var names = document.RootElement.GetProperty("categories").EnumerateArray()
            .ToDictionary(c => c.GetProperty("id").GetInt32(), c => c.GetProperty("name").GetString());
        var expected = document.RootElement.GetProperty("annotations").EnumerateArray().ToLookup(a => a.GetProperty("image_id").GetInt64());
        foreach (var sample in dataset.Samples)
        {
            Assert.Equal(expected[sample.ImageId].Select(a => names[a.GetProperty("category_id").GetInt32()]), sample.Labels);
            foreach (var (annotation, box) in expected[sample.ImageId].Zip(sample.Boxes))
            {
                var sides = annotation.GetProperty("bbox").EnumerateArray().Select(side => side.GetDouble()).ToArray();
                double[] corners = [sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3]];
                Assert.All(corners.Zip([box.X0, box.Y0, box.X1, box.Y1]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
            }
        }
    }
}
