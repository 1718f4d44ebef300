namespace Microsoft.ML.DetClip.Evaluation.Tests;

public sealed class CocoFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Results_are_read_as_they_were_written()
    {
        var (_, detections) = RandomDetections.Make(1);
        var path = Path.Combine(_folder, "new", "results.json");

        CocoFiles.WriteResults(path, detections);

        Assert.Equal(detections, CocoFiles.ReadResults(path));
        Assert.Equal(["results.json"], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName));
    }

    [Fact]
    public void Writing_that_fails_leaves_the_old_file()
    {
        var path = Write("[]");

        Assert.Throws<InvalidOperationException>(() => CocoFiles.WriteResults(path, Failing()));

        Assert.Equal("[]", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Ground_truth_is_read_whatever_else_the_file_holds()
    {
        var path = Write("""
            {"info": {"year": 2017}, "categories": [{"id": 90, "name": "toothbrush", "supercategory": "indoor"}],
             "annotations": [{"id": 900100000001, "image_id": 5, "category_id": 90, "bbox": [1, 2.5, 3, 4], "area": 11.5, "iscrowd": 1,
                              "segmentation": {"counts": [1, 2], "size": [3, 1]}},
                             {"id": 2, "image_id": 5, "category_id": 90, "bbox": [0, 0, 1, 1], "area": 1}],
             "images": [{"id": 5, "file_name": "a.jpg"}, {"id": 6}]}
            """);

        var truth = CocoFiles.ReadGroundTruth(path);

        Assert.Equal([5, 6], truth.ImageIds);
        Assert.Equal([new(90, "toothbrush")], truth.Categories);
        Assert.Equal([new(900100000001, 5, 90, 1, 2.5, 3, 4, 11.5, IsCrowd: true), new(2, 5, 90, 0, 0, 1, 1, 1)], truth.Boxes);
    }

    [Theory]
    [InlineData("""{"images": [], "categories": [], "annotations": [{"id": 1""", "(in annotations[0])")] // cut off
    [InlineData("""{"images": [], "categories": []}""", "annotations")]
    [InlineData("""{"images": [null], "categories": [], "annotations": []}""", "line 1, byte 13: images[0]: not an object.")]
    [InlineData("""{"images": [], "categories": [], "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3], "area": 1}]}""", "annotations[0]: bbox is missing or not four finite numbers")]
    [InlineData("""{"images": [], "categories": [], "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": null, "area": 1}]}""", "bbox")]
    [InlineData("""{"images": [], "categories": [], "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, NaN, 4], "area": 1}]}""", "NaN, which Python writes, is not JSON. (in annotations[0])")]
    [InlineData("""{"images": [], "categories": [], "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 1e999], "area": 1}]}""", "annotations[0]: bbox")]
    [InlineData("""{"images": [], "categories": [], "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}]}""", "annotations[0]: area is missing or not a finite number.")]
    [InlineData("""{"images": [], "images": [], "categories": [], "annotations": []}""", "a second 'images'")]
    [InlineData("""{"images": [], "categories": [], "annotations": []} 7""", "not JSON")]
    [InlineData("null", "is not a COCO annotation file: it has no list 'images'.")]
    public void Ground_truth_that_is_none_is_refused(string json, string message)
    {
        var path = Write(json);

        var error = Assert.Throws<InvalidDataException>(() => CocoFiles.ReadGroundTruth(path));

        Assert.Contains(path, error.Message);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("""{"images": []}""", "a COCO results file")]
    [InlineData("""[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}]""", "record 0: score is missing or not a number.")]
    [InlineData("""[{"image_id": 1, "category_id": "cat", "bbox": [1, 2, 3, 4], "score": 1}]""", "record 0: category_id is missing or not an integer")]
    [InlineData("""[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}, {"image_id": 1, "cat""", "(in record 1)")]
    [InlineData("""[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4, 5], "score": 1}]""", "record 0: bbox is missing or not four finite numbers")]
    public void Results_that_are_none_are_refused(string json, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => CocoFiles.ReadResults(Write(json)));

        Assert.Contains(message, error.Message);
    }

    private string Write(string json)
    {
        var path = Path.Combine(_folder, "file.json");
        File.WriteAllText(path, json);
        return path;
    }

    private static IEnumerable<DetectionResult> Failing()
    {
        yield return new(1, 1, 0, 0, 1, 1, 1);
        throw new InvalidOperationException("no more detections");
    }
}
