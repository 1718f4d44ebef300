using System.Text.Json.Nodes;
using Microsoft.ML.DetClip.Datasets;

namespace Microsoft.ML.DetClip.Samples.Tests;

/// <summary>The samples without a page, each on what QuickStart leaves: that they run, and that what they say is there.</summary>
[Collection(AfterQuickStart.Name)]
public sealed class ConsoleSampleTests(QuickStartFolder quickStart) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-samples").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ModelBuilder_trains_on_a_VoTT_file_saves_predicts_and_evaluates()
    {
        var vott = quickStart.PathOf("world", "detection", "shapes.json"); // beside the images
        DatasetFormat.Named("vott").Write(vott, World(quickStart.Train).Take(8));
        var model = Path.Combine(_folder, "ShapesModel.zip");

        var output = Run("ModelBuilder", vott, quickStart.Test, "0.5", model);

        Assert.Contains("(vott)", output);
        Assert.True(File.Exists(model));
        Assert.Contains("found, labelled:", output);
        Assert.Matches(@"AP \d\.\d{3}  AP50 \d\.\d{3}", output);
    }

    [Fact]
    public void Pipelines_filter_group_join_and_count()
    {
        var output = Run("Pipelines", quickStart.Detector, quickStart.TestImages, "0.001");

        Assert.Contains("20 of 20 photos", output);
        var tables = output.Split("\n\n").Select(table => table.Split('\n')).ToArray();
        Assert.Equal(["Photo", "Camera", "Label", "Score", "Area"], Cells(tables[1][1]));
        Assert.Equal(["Label", "Objects", "Mean", "score"], Cells(tables[2][1]));
        Assert.Equal(["Photo", "Objects"], Cells(tables[3][1]));
        Assert.Equal(["gate", "yard"], tables[4][2..].Select(row => Cells(row)[0]).Order());
    }

    [Fact]
    public void FineTune_goes_on_from_a_checkpoint_and_measures_before_and_after_also_what_it_knew()
    {
        var voc = Path.Combine(_folder, "voc");
        DatasetFormat.Named("voc").Write(voc, World(quickStart.Test).Take(10));
        Directory.CreateDirectory(Path.Combine(voc, "JPEGImages"));
        foreach (var image in World(quickStart.Test).Take(10)) File.Copy(image.ImagePath, Path.Combine(voc, "JPEGImages", Path.GetFileName(image.ImagePath)), overwrite: true);
        var folder = Path.Combine(_folder, "tuned");

        var output = Run("FineTune", voc, quickStart.Checkpoint, quickStart.Detector, quickStart.Train, "1", "full", folder);

        Assert.Contains("10 images", output);
        Assert.Contains("(voc)", output);
        Assert.Matches(@"held vocabulary, \d+ names on 3 images: AP \S+ before, \S+ after", output);
        Assert.Matches(@"before +\d\.\d{3} +\d\.\d{3}\s+after +\d\.\d{3} +\d\.\d{3}", output);
        Assert.True(File.Exists(Path.Combine(folder, "detector.zip")));
        Assert.NotEqual(File.ReadAllBytes(quickStart.Detector), File.ReadAllBytes(Path.Combine(folder, "detector.zip")));
    }

    [Fact]
    public void Evaluate_prints_COCOs_metrics_and_a_line_for_each_category()
    {
        var output = Run("Evaluate", quickStart.Detector, quickStart.Test);

        Assert.Contains("Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ]", output);
        Assert.All(World(quickStart.Test).SelectMany(s => s.Labels).Distinct(), name => Assert.Matches($@"\n{name} +\d+ +-?\d\.\d{{3}}", output));
    }

    [Fact]
    public void Evaluate_prints_fixed_AP_where_there_are_frequencies()
    {
        var lvis = Path.Combine(_folder, "lvis.json");
        WriteAsLvis(lvis);

        var output = Run("Evaluate", quickStart.Detector, lvis, quickStart.PathOf("world"));

        Assert.Matches(@"LVIS, fixed AP: AP \S+  rare \S+  common \S+  frequent \S+", output);
        Assert.Matches(@"\n\w[\w ]+ (Rare|Common|Frequent) +\d+ ", output);
    }

    [Fact]
    public void Export_writes_graphs_that_find_the_same()
    {
        var folder = Path.Combine(_folder, "detector");

        var output = Run("Export", quickStart.Checkpoint, quickStart.Detector, quickStart.TestImages, folder, quickStart.PathOf("world", "detection"));

        Assert.Contains("within the bound of", output);
        var (floats, integers) = (new FileInfo(Path.Combine(folder, "image.onnx")), Assert.Single(Directory.GetFiles(folder, "image*int8*.onnx")));
        Assert.True(new FileInfo(integers).Length < floats.Length);
        var forms = output.Split("\nFloat32: ")[1].Split("\nInt8: ");
        Assert.Contains("largest difference of a score 0.0e0, least overlap of their boxes 1.0000", forms[0]);
        Assert.Matches(@"20 images, \d+ detections, \d+ of them in both", forms[1]);
    }

    [Theory]
    [InlineData("ModelBuilder")]
    [InlineData("Pipelines")]
    [InlineData("WebDetector", "--model", "none.zip")]
    public void A_missing_file_is_named_with_what_to_do(string sample, params string[] arguments)
    {
        var (exitCode, output) = SampleProgram.Run(sample, arguments.Length > 0 ? arguments : ["none.zip"]);

        Assert.Equal(2, exitCode);
        Assert.Contains("none.zip", output);
        Assert.Contains("Run samples/QuickStart first", output);
    }

    private static string Run(string sample, params string[] arguments)
    {
        var (exitCode, output) = SampleProgram.Run(sample, arguments);
        Assert.True(exitCode == 0, output);
        return output.ReplaceLineEndings("\n");
    }

    private static string[] Cells(string row) => row.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private DatasetReading World(string file) => DatasetFormat.Named("coco").Read(file, new() { ImageFolder = quickStart.PathOf("world") });

    // The same boxes as a federated data set: every third category is rare, common, frequent; each image is known to lack the first.
    private void WriteAsLvis(string path)
    {
        var coco = JsonNode.Parse(File.ReadAllText(quickStart.Test))!;
        foreach (var (i, category) in coco["categories"]!.AsArray().Index()) category!["frequency"] = "rcf".Substring(i % 3, 1);
        foreach (var image in coco["images"]!.AsArray())
        {
            image!["neg_category_ids"] = new JsonArray(coco["categories"]![0]!["id"]!.DeepClone());
            image["not_exhaustive_category_ids"] = new JsonArray();
        }
        File.WriteAllText(path, coco.ToJsonString());
    }
}
