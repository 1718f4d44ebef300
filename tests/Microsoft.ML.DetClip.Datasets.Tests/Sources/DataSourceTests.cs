using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Datasets.Tests;

public class DataSourceTests : TempFolder
{
    [Theory]
    [InlineData("coco:a.json,images=b", "coco", "a.json", "images=b")]
    [InlineData("coco:a, b.json,images=c=d,invalid=skip", "coco", "a, b.json", "images=c=d invalid=skip")]
    [InlineData(@"voc:C:\data\raccoon", "voc", @"C:\data\raccoon", "")]
    [InlineData("coco-grounding:c.json,instances=i.json,images=x", "coco-grounding", "c.json", "instances=i.json images=x")]
    public void A_source_has_a_format_a_path_and_settings(string text, string format, string path, string settings)
    {
        var source = DataSource.Parse(text);

        Assert.Equal((format, path, settings), (source.Format.Name, source.Path, string.Join(' ', source.Settings.Select(s => $"{s.Key}={s.Value}"))));
        Assert.Equal(text, source.ToString());
    }

    [Theory]
    [InlineData("a.json", "it must begin with a format and a colon; formats are cc3m, coco, coco-captions, coco-grounding, flickr30k, ")]
    [InlineData("yollo:a", "it must begin with a format and a colon")]
    [InlineData("coco:", "there is no path after the colon; the form is coco:FILE,images=FOLDER[,invalid=skip].")]
    [InlineData("coco:a.json", "images must be given")]
    [InlineData("coco-grounding:a.json", "instances and images must be given")]
    [InlineData("coco:a.json,images=b,splt=train", "coco has no setting 'splt'")]
    [InlineData("coco:a.json,images=", "'images' has no value")]
    [InlineData("coco:a.json,images=b,images=c", "'images' is given twice")]
    public void What_is_not_understood_is_said_with_what_is_allowed(string text, string problem)
    {
        var message = Assert.Throws<ArgumentException>(() => DataSource.Parse(text)).Message;

        Assert.Contains($"The data source '{text}' is not understood: ", message);
        Assert.Contains(problem, message);
    }

    [SharedFact("data/coco-mini", "data/raccoon")]
    public void Sources_of_all_kinds_become_rows_of_one_shape()
    {
        string Coco(string name) => SharedData.Path($"data/coco-mini/annotations/{name}_val2017.json");
        var images = SharedData.Path("data/coco-mini/val2017");

        var view = new MLContext().Data.LoadDataSources(
            $"coco:{Coco("instances")},images={images}", $"coco-captions:{Coco("captions")},images={images}",
            $"coco-grounding:{Coco("captions")},instances={Coco("instances")},images={images}", $"voc:{SharedData.Path("data/raccoon")}");

        var kinds = view.GetColumn<string>("Kind").ToArray();
        Assert.Equal(79 + 200, kinds.Count(kind => kind == "detection"));
        Assert.Equal(395, kinds.Count(kind => kind == "pairs"));
        Assert.InRange(kinds.Count(kind => kind == "grounding"), 100, 395);
        Assert.All(view.GetColumn<string>("Caption").Zip(kinds), row => Assert.Equal(row.Second != "detection", row.First.Length > 0));
        Assert.All(view.GetColumn<string>("ImagePath"), path => Assert.True(File.Exists(path)));
        Assert.Equal(["ImageId", "ImagePath", "Labels", "BoundingBoxes", "IsCrowd", "Caption", "Kind"], view.Schema.Select(column => column.Name));
    }

    [Fact]
    public void Records_are_skipped_when_the_source_says_so()
    {
        var path = Write("a.json", """{"images": [{"id": 1}], "annotations": [], "categories": []}""");

        Assert.Throws<InvalidDataException>(() => DataSource.Parse($"coco:{path},images={Folder}").Read());
        Assert.Equal(1, DataSource.Parse($"coco:{path},images={Folder},invalid=skip").Read().Report.SkippedRecords);
    }
}
