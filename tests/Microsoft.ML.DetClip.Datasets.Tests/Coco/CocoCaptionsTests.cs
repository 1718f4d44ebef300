using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Datasets.Tests;

public class CocoCaptionsTests : TempFolder
{
    private static readonly DatasetReadOptions NoFiles = new() { CheckImageFiles = false };

    [Fact]
    public void Each_caption_is_a_sample()
    {
        var captions = CocoCaptions.Load(WriteCaptions((1, "Two dogs.\n"), (2, " A mug"), (1, "Dogs play")), Folder, NoFiles);

        Assert.Equal([(1L, "Two dogs."), (2, "A mug"), (1, "Dogs play")], captions.Samples.Select(s => (s.ImageId, s.Caption)));
        Assert.Equal(InFolder("1.jpg"), captions.Samples[0].ImagePath);
        Assert.All(captions.Samples, s => Assert.Empty(s.Boxes));
    }

    [Theory]
    [InlineData(9, "A dog", "image_id 9 is not among the images")]
    [InlineData(1, " ", "caption is missing or empty")]
    public void A_wrong_caption_is_named_or_counted(long image, string caption, string problem)
    {
        var path = WriteCaptions((2, "fine"), (image, caption));

        var message = Assert.Throws<InvalidDataException>(() => CocoCaptions.Load(path, Folder, NoFiles)).Message;
        var captions = CocoCaptions.Load(path, Folder, NoFiles with { OnInvalidRecord = InvalidRecordHandling.Skip });

        Assert.Contains($"annotations[1] (id 1): {problem}", message);
        Assert.Equal((1, 1), (captions.Samples.Count, captions.Report.SkippedRecords));
    }

    [Fact]
    public void Words_that_name_a_boxed_category_become_the_phrase_of_its_boxes()
    {
        var instances = Write("instances.json", """
            {"images": [{"id": 1, "file_name": "1.jpg", "width": 100, "height": 50}, {"id": 2, "file_name": "2.jpg", "width": 100, "height": 50}],
             "categories": [{"id": 1, "name": "dog"}, {"id": 2, "name": "hot dog"}, {"id": 3, "name": "wine glass"}, {"id": 4, "name": "bench"}],
             "annotations": [
               {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 10, 10], "iscrowd": 0}, {"id": 2, "image_id": 1, "category_id": 1, "bbox": [20, 0, 10, 10], "iscrowd": 0},
               {"id": 3, "image_id": 1, "category_id": 4, "bbox": [5, 5, 9, 9], "iscrowd": 0}, {"id": 4, "image_id": 1, "category_id": 1, "bbox": [0, 0, 50, 50], "iscrowd": 1},
               {"id": 5, "image_id": 2, "category_id": 1, "bbox": [1, 1, 2, 2], "iscrowd": 0}, {"id": 6, "image_id": 2, "category_id": 2, "bbox": [3, 3, 4, 4], "iscrowd": 0},
               {"id": 7, "image_id": 2, "category_id": 3, "bbox": [6, 6, 4, 4], "iscrowd": 0}]}
            """);
        var path = WriteCaptions((1, "Two DOGS, on benches!"), (2, "A hot dog"), (2, "Hot dogs and a dog beside wine glasses"), (1, "Nothing but doggedness"), (2, "a hot-dog dog"));

        var samples = CocoCaptions.LoadGrounded(path, instances, Folder, NoFiles).Samples;

        Assert.Equal(["Two DOGS, on benches!", "A hot dog", "Hot dogs and a dog beside wine glasses", "a hot-dog dog"], samples.Select(s => s.Caption));
        Assert.Equal(["dogs", "dogs", "benches"], samples[0].Phrases);
        Assert.Equal([new Box(0, 0, 10, 10), new Box(20, 0, 30, 10), new Box(5, 5, 14, 14)], samples[0].Boxes);
        Assert.Equal(["hot dog"], samples[1].Phrases);
        Assert.Equal(["dog", "hot dogs", "wine glasses"], samples[2].Phrases);
        Assert.Equal(["dog"], samples[3].Phrases);
    }

    [Fact]
    public void A_detection_file_is_refused_by_its_records()
    {
        var path = Write("empty.json", """{"images": []}""");

        Assert.Contains("it is not a COCO captions file", Assert.Throws<InvalidDataException>(() => CocoCaptions.Load(path, Folder)).Message);
    }

    [SharedFact("data/coco-mini")]
    public void COCO_itself_is_read_and_its_captions_name_much_of_what_is_boxed()
    {
        string Annotations(string name) => SharedData.Path($"data/coco-mini/annotations/{name}_train2017.json");
        var images = SharedData.Path("data/coco-mini/train2017");

        var captions = CocoCaptions.Load(Annotations("captions"), images);
        var grounded = CocoCaptions.LoadGrounded(Annotations("captions"), Annotations("instances"), images);

        Assert.Equal((400, 0), (captions.Samples.Count, captions.Report.SkippedRecords));
        Assert.InRange(grounded.Samples.Count, 150, 350);
        Assert.All(grounded.Samples, s =>
        {
            Assert.Equal(s.Boxes.Count, s.Phrases.Count);
            Assert.All(s.Phrases, phrase => Assert.Contains(phrase, s.Caption.ToLowerInvariant()));
        });
    }

    private string WriteCaptions(params (long Image, string Caption)[] captions) => Write("captions.json", $$"""
        {"images": [{"id": 1, "file_name": "1.jpg", "width": 100, "height": 50}, {"id": 2, "file_name": "2.jpg", "width": 100, "height": 50}],
         "annotations": [{{string.Join(", ", captions.Select((c, i) => $"{{\"id\": {i}, \"image_id\": {c.Image}, \"caption\": {System.Text.Json.JsonSerializer.Serialize(c.Caption)}}}"))}}]}
        """);
}
