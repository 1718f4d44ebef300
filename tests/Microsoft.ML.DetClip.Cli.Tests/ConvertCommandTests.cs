namespace Microsoft.ML.DetClip.Cli.Tests;

public sealed class ConvertCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_data_set_passes_to_another_format_and_what_is_lost_is_said()
    {
        var session = await ConvertAsync($"voc:{InFolder("voc")}");

        Assert.Equal(ExitCode.Success, session.ExitCode);
        Assert.Equal($"voc:{InFolder("voc")}: 1 samples, 2 boxes\n", session.Output);
        Assert.Equal("""
            detclip: warning: voc cannot hold 1 categories without boxes: dropped.
            detclip: warning: voc cannot hold 2 ids of categories: dropped.
            detclip: warning: voc cannot hold 1 ids of images: dropped.

            """.ReplaceLineEndings("\n"), session.Error);
        Assert.Contains("<name>mug</name>", File.ReadAllText(InFolder("voc/Annotations/a.xml")));
    }

    [Theory]
    [InlineData("goldg:x", "formats that are written are coco, coco-results, label-studio, lvis, odvg, voc, vott, yolo")]
    [InlineData("nothing", "it must begin with a format and a colon")]
    [InlineData("coco:", "there is no path after the colon")]
    public async Task A_target_that_is_not_understood_is_bad_usage(string to, string problem)
    {
        var session = await ConvertAsync(to);

        Assert.Equal((ExitCode.BadUsage, ""), (session.ExitCode, session.Output));
        Assert.Contains(problem, session.Error);
    }

    [Fact]
    public async Task Nothing_is_written_over_a_folder_that_is_there()
    {
        Directory.CreateDirectory(InFolder("voc/Annotations"));

        var session = await ConvertAsync($"voc:{InFolder("voc")}");

        Assert.Equal((ExitCode.Failure, ""), (session.ExitCode, session.Output));
        Assert.Empty(Directory.GetFiles(InFolder("voc/Annotations")));
    }

    private async Task<Session> ConvertAsync(string to)
    {
        File.WriteAllText(InFolder("a.jpg"), "");
        File.WriteAllText(InFolder("a.json"), """
            {"images": [{"id": 7, "file_name": "a.jpg", "width": 100, "height": 50}], "categories": [{"id": 3, "name": "mug"}, {"id": 9, "name": "car"}],
             "annotations": [{"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 2, 30, 40]}, {"id": 2, "image_id": 7, "category_id": 3, "bbox": [5, 6, 7, 8], "iscrowd": 1}]}
            """);
        return await Session.RunAsync("", "convert", "--from", $"coco:{InFolder("a.json")},images={_folder}", "--to", to);
    }

    private string InFolder(string name) => Path.Combine(_folder, name);
}
