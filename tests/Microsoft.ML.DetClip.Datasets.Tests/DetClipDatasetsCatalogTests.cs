using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Datasets.Tests;

public class DetClipDatasetsCatalogTests : TempFolder
{
    private readonly MLContext _mlContext = new();

    [Fact]
    public void Rows_hold_the_samples()
    {
        var view = _mlContext.Data.LoadCoco(WriteCoco(), Folder, new() { CheckImageFiles = false });

        var rows = _mlContext.Data.CreateEnumerable<RowOfUser>(view, reuseRowObject: false).ToArray();

        Assert.Equal([7L, 8L], rows.Select(row => row.ImageId));
        Assert.Equal(InFolder("a.jpg"), rows[0].ImagePath);
        Assert.Equal(["mug", "red car"], rows[0].Labels);
        Assert.Equal([10, 5, 30, 35, 0, 0, 100, 50], rows[0].BoundingBoxes);
        Assert.Equal([false, true], rows[0].IsCrowd);
        Assert.Empty(rows[1].Labels);
        Assert.Empty(rows[1].BoundingBoxes);
    }

    [Fact]
    public void Columns_are_those_of_the_documentation()
    {
        var schema = _mlContext.Data.LoadDetectionSamples([]).Schema;

        Assert.Equal(["ImageId", "ImagePath", "Labels", "BoundingBoxes", "IsCrowd"], schema.Select(column => column.Name));
        Assert.Equal(NumberDataViewType.Int64, schema["ImageId"].Type);
        Assert.Equal(TextDataViewType.Instance, schema["ImagePath"].Type);
        Assert.Equal(new VectorDataViewType(TextDataViewType.Instance), schema["Labels"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single), schema["BoundingBoxes"].Type);
        Assert.Equal(new VectorDataViewType(BooleanDataViewType.Instance), schema["IsCrowd"].Type);
    }

    [Fact]
    public void File_is_read_when_the_first_row_is_asked_for_and_only_once()
    {
        var path = WriteCoco();
        var view = _mlContext.Data.LoadCoco(path, Folder, new() { CheckImageFiles = false });
        File.WriteAllText(path, File.ReadAllText(path).Replace("mug", "cup"));

        var first = view.GetColumn<string[]>("Labels").First();
        File.Delete(path);

        Assert.Equal(["cup", "red car"], first);
        Assert.Equal(first, view.GetColumn<string[]>("Labels").First());
    }

    [Fact]
    public void Missing_annotation_file_is_named_at_once()
    {
        var error = Assert.Throws<FileNotFoundException>(() => _mlContext.Data.LoadCoco(InFolder("nowhere.json"), Folder));

        Assert.Contains("nowhere.json", error.Message);
    }

    [SharedFact("data/coco128")]
    public void Real_data_set_passes_through_a_pipeline()
    {
        var view = _mlContext.Data.LoadCoco(SharedData.Path("data/coco128/annotations/instances_train2017.json"), SharedData.Path("data/coco128/train2017"));

        var firstTen = _mlContext.Data.TakeRows(_mlContext.Data.ShuffleRows(view, seed: 1), 10);

        Assert.Equal(10, firstTen.GetColumn<string>("ImagePath").Count(File.Exists));
    }

    private string WriteCoco()
    {
        DetectionSample sample = new()
        {
            ImageId = 7,
            ImagePath = "a.jpg",
            Width = 100,
            Height = 50,
            Boxes = [new(10, 5, 30, 35), new(0, 0, 100, 50)],
            Labels = ["mug", "red car"],
            IsCrowd = [false, true],
        };
        var empty = sample with { ImageId = 8, Boxes = [], Labels = [], IsCrowd = [] };
        CocoWriter.Write(InFolder("coco.json"), [sample, empty], [new(1, "mug"), new(2, "red car")]);
        return InFolder("coco.json");
    }

    private sealed class RowOfUser
    {
        public long ImageId { get; set; }

        public string ImagePath { get; set; } = "";

        public string[] Labels { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public bool[] IsCrowd { get; set; } = [];
    }
}
