using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Datasets.Tests;

public class CocoDialectTests : TempFolder
{
    [Theory]
    [InlineData(1, "mug", "1 mug")]               // the root is no category
    [InlineData(0, "tools", "0 tools|1 mug")]     // unless a box has it
    public void Roboflows_root_is_left_out_unless_a_box_has_it(int category, string label, string categories)
    {
        RandomDataset.WriteBitmap(InFolder("a.bmp"), 100, 50);
        Write("_annotations.coco.json", $$"""
            {"images": [{"id": 0, "file_name": "a.bmp", "width": 100, "height": 50}], "categories": [{"id": 0, "name": "tools"}, {"id": 1, "name": "mug"}],
             "annotations": [{"id": 0, "image_id": 0, "category_id": {{category}}, "bbox": [1, 2, 3, 4]}]}
            """);

        var reading = DatasetFormat.Of(Folder).Read(Folder);

        Assert.Equal([label], reading.Single().Labels);
        Assert.Equal(categories, string.Join('|', reading.Categories.Select(c => $"{c.Id} {c.Name}")));
    }

    [SharedFact("data/format-examples")]
    public void Names_of_images_are_those_of_the_archives()
    {
        var (v2, lvis) = (Read("objects365", "objects365/v2_zhiyuan_objv2_val.json"), Read("lvis", "lvis/lvis_v1_like.json"));

        Assert.EndsWith("patch8/objects365_v1_00900001.jpg", v2[0].ImagePath);
        Assert.DoesNotContain("images/v1", v2[0].ImagePath);
        Assert.EndsWith("val2017/000000359219.jpg", lvis[0].ImagePath);
        Assert.Equal(["bed", "book", "bottle"], lvis[0].AbsentLabels);
    }

    [SharedFact("data/lvis-mini")]
    public void Version_05_of_lvis_is_read_with_what_is_known_to_be_absent()
    {
        var path = SharedData.Path("data/lvis-mini/lvis_v0.5_val_7images.json");

        var reading = DatasetFormat.Of(path).Read(path, new() { CheckImageFiles = false });
        var samples = reading.ToArray();

        Assert.Equal((7, 1230), (samples.Length, reading.Categories.Count));
        Assert.Equal("acorn.n.01", reading.Categories[0].Synset);
        Assert.All(samples, s => Assert.NotEmpty(s.AbsentLabels));
        Assert.Equal(52, samples.Sum(s => s.Boxes.Count));
    }

    [SharedFact("data/lvis-mini")]
    public void Images_that_version_05_names_as_coco_did_in_2014_are_found_under_the_names_of_2017()
    {
        var samples = DatasetFormat.Named("lvis").Read(SharedData.Path("data/lvis-mini/lvis_v0.5_val_7images.json"), new() { ImageFolder = SharedData.Path("data/lvis-mini/images") }).ToArray();

        Assert.Equal(7, samples.Length);
        Assert.All(samples, sample => Assert.Equal(sample.ImageId, long.Parse(Path.GetFileNameWithoutExtension(sample.ImagePath))));
    }

    private static DatasetSample[] Read(string format, string path) =>
        [.. DatasetFormat.Named(format).Read(SharedData.Path($"data/format-examples/{path}"), new() { CheckImageFiles = false })];
}
