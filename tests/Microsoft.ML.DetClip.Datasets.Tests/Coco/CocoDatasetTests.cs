namespace Microsoft.ML.DetClip.Datasets.Tests;

public class CocoDatasetTests : TempFolder
{
    private const string Images = """{"id": 7, "file_name": "a.jpg", "width": 100, "height": 50}""";
    private const string Categories = """{"id": 3, "name": "mug "}""";
    private const string Annotation = """{"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 5, 20, 30], "iscrowd": 0}""";

    [Fact]
    public void Boxes_become_corners_with_names()
    {
        var dataset = Load(Json(Images, $$"""{{Annotation}}, {"id": 2, "image_id": 7, "category_id": 3, "bbox": [0.5, 0, 99.5, 50], "iscrowd": 1}""", Categories));

        var sample = Assert.Single(dataset.Samples);
        Assert.Equal((7L, 100, 50, InFolder("a.jpg")), (sample.ImageId, sample.Width, sample.Height, sample.ImagePath));
        Assert.Equal([new Box(10, 5, 30, 35), new Box(0.5f, 0, 100, 50)], sample.Boxes);
        Assert.Equal(["mug", "mug"], sample.Labels);
        Assert.Equal([false, true], sample.IsCrowd);
        Assert.Equal([new CocoCategory(3, "mug")], dataset.Categories);
        Assert.Equal((0, 0), (dataset.Report.SkippedRecords, dataset.Report.ClippedBoxes));
    }

    [Fact]
    public void Sections_may_stand_in_any_order_and_hold_more_than_is_read()
    {
        var json = $$$"""
            {"annotations": [{"segmentation": [[1, 2, 3, 4, 5, 6]], "extra": {"a": [{"b": null}]}, "bbox": [10, 5, 20, 30], "category_id": 3, "image_id": 7, "id": 1}],
             "info": {"year": 2017, "images": [1]}, "categories": [{{{Categories}}}], "licenses": null, "images": [{{{Images}}}]}
            """;

        Assert.Equal([new Box(10, 5, 30, 35)], Load(json).Samples[0].Boxes);
    }

    [Fact]
    public void Image_without_objects_is_a_sample()
    {
        var dataset = Load(Json($$"""{{Images}}, {"id": 8, "file_name": "b.jpg", "width": 10, "height": 10}""", Annotation, Categories));

        Assert.Equal([1, 0], dataset.Samples.Select(sample => sample.Boxes.Count));
    }

    [Fact]
    public void Box_over_the_border_is_cut_there_and_counted()
    {
        var dataset = Load(Json(Images, """{"id": 1, "image_id": 7, "category_id": 3, "bbox": [-5, 40, 200, 30]}""", Categories));

        Assert.Equal([new Box(0, 40, 100, 50)], dataset.Samples[0].Boxes);
        Assert.Equal(1, dataset.Report.ClippedBoxes);
    }

    [Fact]
    public void Byte_order_mark_and_windows_separators_are_understood()
    {
        var dataset = Load("\uFEFF" + Json(Images.Replace("a.jpg", """sub\\a.jpg"""), Annotation, Categories));

        Assert.Equal(InFolder("sub/a.jpg"), dataset.Samples[0].ImagePath);
    }

    [Theory]
    [InlineData("""{"id": 1, "image_id": 9, "category_id": 3, "bbox": [10, 5, 20, 30]}""", "annotations[1] (id 1): image_id 9 is not among the images")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 4, "bbox": [10, 5, 20, 30]}""", "annotations[1] (id 1): category_id 4 is not among the categories")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 3, "bbox": [10, 5, 20, 30]}""", "annotations[1] (id 5): the id occurs twice")]
    [InlineData("""{"image_id": 7, "category_id": 3, "bbox": [10, 5, 20, 30]}""", "annotations[1]: id is missing or not an integer")]
    [InlineData("""{"id": 1, "image_id": "7", "category_id": 3, "bbox": [10, 5, 20, 30]}""", "annotations[1] (id 1): image_id is missing or not an integer")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3.5, "bbox": [10, 5, 20, 30]}""", "annotations[1] (id 1): category_id is missing or not an integer")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3}""", "annotations[1] (id 1): bbox is missing or not four numbers: x, y, width, height")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 5, 20]}""", "annotations[1] (id 1): bbox is missing or not four numbers: x, y, width, height")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 5, 20, 30, 1]}""", "annotations[1] (id 1): bbox is missing or not four numbers: x, y, width, height")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, "NaN", 20, [30]]}""", "annotations[1] (id 1): bbox is missing or not four numbers: x, y, width, height")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "bbox": {"x": 1}}""", "annotations[1] (id 1): bbox is missing or not four numbers: x, y, width, height")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "bbox": [1e999, 5, 20, 30]}""", "annotations[1] (id 1): bbox [Infinity, 5, 20, 30] is not finite")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 5, 0, 30]}""", "annotations[1] (id 1): bbox [10, 5, 0, 30] (x, y, width, height) has no area")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 5, 20, -1]}""", "annotations[1] (id 1): bbox [10, 5, 20, -1] (x, y, width, height) has no area")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "bbox": [100, 5, 20, 30]}""", "annotations[1] (id 1): bbox [100, 5, 20, 30] (x, y, width, height) lies outside its image of 100 × 50 pixels")]
    [InlineData("17", "annotations[1]: not an object")]
    public void Wrong_annotation_is_named_with_its_place_or_left_out_and_counted(string wrong, string message)
    {
        var first = Annotation.Replace("\"id\": 1", "\"id\": 5");
        var json = Json(Images, $"{first},\n  {wrong},\n {Annotation.Replace("\"id\": 1", "\"id\": 6")}", Categories);

        AssertRefusedOrSkipped(json, $"line 4, byte 3: {message}", skipped: 1, boxes: 2);
    }

    [Theory]
    [InlineData("""{"id": 7, "file_name": "b.jpg", "width": 1, "height": 1}""", "images[1] (id 7): the id occurs twice")]
    [InlineData("""{"file_name": "b.jpg", "width": 1, "height": 1}""", "images[1]: id is missing or not an integer")]
    [InlineData("""{"id": 8, "width": 1, "height": 1}""", "images[1] (id 8): file_name is missing or empty")]
    [InlineData("""{"id": 8, "file_name": "b.jpg", "width": 0, "height": 1}""", "images[1] (id 8): width is missing or not a positive integer")]
    [InlineData("""{"id": 8, "file_name": "b.jpg", "width": 1, "height": "1"}""", "images[1] (id 8): height is missing or not a positive integer")]
    public void Wrong_image_is_named_with_its_place_or_left_out_and_counted(string wrong, string message) =>
        AssertRefusedOrSkipped(Json($"{Images},\n{wrong}", Annotation, Categories), $"line 3, byte 1: {message}", skipped: 1, boxes: 1);

    [Theory]
    [InlineData("""{"id": 3, "name": "cup"}""", "categories[1] (id 3): the id occurs twice")]
    [InlineData("""{"id": 4, "name": " "}""", "categories[1] (id 4): name is missing or empty")]
    [InlineData("""{"id": 5000000000, "name": "cup"}""", "categories[1] (id 5000000000): id is missing or not an integer of 32 bits")]
    public void Wrong_category_is_named_with_its_place_or_left_out_and_counted(string wrong, string message) =>
        AssertRefusedOrSkipped(Json(Images, Annotation, $"{Categories},\n{wrong}"), $"line 5, byte 1: {message}", skipped: 1, boxes: 1);

    [Fact]
    public void Box_of_an_image_left_out_is_left_out_too()
    {
        var json = Json($$"""{{Images}}, {"id": 8, "file_name": "b.jpg"}""", $"{Annotation}, {Annotation.Replace("7", "8").Replace("\"id\": 1", "\"id\": 2")}", Categories);

        var dataset = Load(json, Skip);

        Assert.Equal(2, dataset.Report.SkippedRecords);
        Assert.EndsWith("annotations[1] (id 2): its image 8 was left out", dataset.Report.Problems[1]);
    }

    [Fact]
    public void Only_the_first_problems_are_kept()
    {
        var dataset = Load(Json(Images, string.Join(',', Enumerable.Repeat("1", 50)), Categories), Skip);

        Assert.Equal((50, 20), (dataset.Report.SkippedRecords, dataset.Report.Problems.Count));
    }

    [Fact]
    public void Missing_image_file_is_named_or_left_out()
    {
        File.WriteAllText(InFolder("a.jpg"), "");
        var path = Write("b.json", Json($$"""{{Images}}, {"id": 8, "file_name": "b.jpg", "width": 9, "height": 9}""", Annotation, Categories));

        var error = Assert.Throws<InvalidDataException>(() => CocoDataset.Load(path, Folder));
        var dataset = CocoDataset.Load(path, Folder, new() { OnInvalidRecord = InvalidRecordHandling.Skip });

        Assert.Contains($"images[1] (id 8): there is no file '{InFolder("b.jpg")}'", error.Message);
        Assert.Equal([7L], dataset.Samples.Select(sample => sample.ImageId));
    }

    [Theory]
    [InlineData("""{"images": []""", "line 1, byte 14: not JSON, or cut off")]
    [InlineData("""{"images": [], "categories": [], "annotations": []} x""", "line 1, byte 53")]
    [InlineData("{\"images\": [],\n \"categories\": [],\n \"annotations\": [{\"bbox\": [1, NaN", "line 3, byte 31: not JSON, or cut off: 'N'")]
    [InlineData("", "not JSON, or cut off")]
    [InlineData("[]", "has no list 'images'")]
    [InlineData("""{"images": [], "annotations": []}""", "has no list 'categories'")]
    [InlineData("""{"images": [], "categories": []}""", "has no list 'annotations'")]
    [InlineData("""{"images": {}, "categories": [], "annotations": []}""", "has no list 'images'")]
    [InlineData("""{"images": [], "categories": [], "annotations": [], "images": []}""", "line 1, byte 63: a second 'images'")]
    public void File_that_is_no_coco_file_is_refused_even_when_wrong_records_are_skipped(string json, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Load(json, Skip));

        Assert.Contains(message, error.Message);
        Assert.Contains(InFolder("annotations.json"), error.Message);
    }

    [Fact]
    public void Missing_file_or_folder_is_named()
    {
        var path = Write("c.json", Json(Images, Annotation, Categories));

        Assert.Contains("nowhere", Assert.Throws<DirectoryNotFoundException>(() => CocoDataset.Load(path, InFolder("nowhere"))).Message);
        Assert.Contains("nowhere.json", Assert.Throws<FileNotFoundException>(() => CocoDataset.Load(InFolder("nowhere.json"), Folder)).Message);
    }

    private static DatasetReadOptions Skip => new() { OnInvalidRecord = InvalidRecordHandling.Skip, CheckImageFiles = false };

    private static string Json(string images, string annotations, string categories) =>
        $$"""{"info": {},{{"\n"}} "images": [{{images}}],{{"\n"}} "annotations": [{{annotations}}],{{"\n"}} "categories": [{{categories}}]}""";

    private CocoDataset Load(string json, DatasetReadOptions? options = null) =>
        CocoDataset.Load(Write("annotations.json", json), Folder, options ?? new() { CheckImageFiles = false });

    private void AssertRefusedOrSkipped(string json, string message, int skipped, int boxes)
    {
        var error = Assert.Throws<InvalidDataException>(() => Load(json));
        Assert.Equal($"'{InFolder("annotations.json")}' {message}. OnInvalidRecord = Skip leaves such records out and counts them.", error.Message);

        var dataset = Load(json, Skip);
        Assert.Equal(skipped, dataset.Report.SkippedRecords);
        Assert.Equal([$"'{InFolder("annotations.json")}' {message}"], dataset.Report.Problems);
        Assert.Equal(boxes, dataset.Samples.Sum(sample => sample.Boxes.Count));
    }
}
