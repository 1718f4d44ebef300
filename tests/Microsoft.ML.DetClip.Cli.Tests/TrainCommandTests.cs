using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Training;
using SkiaSharp;

namespace Microsoft.ML.DetClip.Cli.Tests;

public sealed class TrainCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-train").FullName;

    private string Out => InFolder("run");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_recipe_and_data_of_all_kinds_become_a_detector_and_a_folder_that_tells_of_the_run()
    {
        var (boxes, captions) = WriteData();

        var session = await Train("--data", boxes, "--data", captions, "--data", Grounding, "--validation", boxes);

        Assert.True(session.ExitCode == ExitCode.Success, session.Error);
        var lines = session.Output.TrimEnd().Split('\n');
        Assert.Equal(["checkpoint", "detector", "model", "memory"], lines.Select(line => line.Split(' ')[0]));
        Assert.Matches("^memory      [1-9][0-9]* MiB at its peak$", lines[3]);
        Assert.All(lines[..3], line => Assert.True(Path.Exists(line.Split(' ', 2)[1].Trim()), line));
        Assert.Contains("4 samples, 4 boxes", session.Error);
        Assert.Contains("pairs", session.Error);
        Assert.Contains("epoch 1 of 1 done", session.Error);
        Assert.Contains("validation AP", session.Error);
        Assert.Equal("nano", DetectorModel.Load(Path.Combine(Out, "detector")).Manifest.Variant);
        var kinds = File.ReadLines(Path.Combine(Out, "metrics.csv")).Skip(1).Select(line => line.Split(',')[2]).Order().Distinct();
        Assert.Equal(["detection", "grounding", "pairs", "validation"], kinds);
        Assert.True(File.Exists(Path.Combine(Out, "curves.png")));
    }

    [Fact]
    public async Task A_run_goes_on_only_when_asked_to_and_its_recipe_repeats_it()
    {
        var (boxes, _) = WriteData();
        Assert.Equal(ExitCode.Success, (await Train("--data", boxes)).ExitCode);

        var again = await Train("--data", boxes);
        var resumed = await Session.RunAsync("", "train", "--recipe", Path.Combine(Out, "recipe.json"), "--out", Out, "--resume");

        Assert.Equal((ExitCode.Failure, ""), (again.ExitCode, again.Output));
        Assert.Contains("Go on with it by --resume", again.Error);
        Assert.True(resumed.ExitCode == ExitCode.Success, resumed.Error);
        Assert.Contains("goes on from", resumed.Error);
        Assert.Equal([boxes], TrainingRecipe.Load(Path.Combine(Out, "recipe.json")).Data);
    }

    [SignalFact]
    public async Task Ctrl_C_ends_a_run_after_its_step_and_it_can_go_on()
    {
        var (boxes, _) = WriteData();
        WriteRecipe();
        using var process = ProcessTests.Start("train", "--recipe", InFolder("recipe.json"), "--out", Out, "--data", boxes, "--set", "Epochs=100000");
        var metrics = Path.Combine(Out, "metrics.csv");
        var patience = TimeSpan.FromMinutes(2);
        for (var start = DateTime.UtcNow; !File.Exists(metrics) && DateTime.UtcNow - start < patience;) await Task.Delay(50);

        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) await kill.WaitForExitAsync();
        var error = await process.StandardError.ReadToEndAsync().WaitAsync(patience);
        await process.WaitForExitAsync();

        Assert.EndsWith("detclip: error: stopped before it was done.\n", error);
        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        using var checkpoint = Checkpoint.Open(Path.Combine(Out, "last.safetensors"));
        Assert.True(checkpoint.Step > 0);
    }

    [Fact]
    public async Task Fine_tuning_writes_a_delta_and_says_what_was_forgotten()
    {
        var (boxes, _) = WriteData();
        Assert.Equal(ExitCode.Success, (await Train("--data", boxes)).ExitCode);
        var start = Path.Combine(InFolder("base"), "last.safetensors");
        Directory.Move(Out, InFolder("base"));

        var offsets = await Train("--set", $"StartFrom={start}", "--set", "Mode=OffsetsOnly", "--data", boxes, "--held", boxes);
        Directory.Move(Out, InFolder("offsets"));
        var replayed = await Train("--set", $"StartFrom={start}", "--set", "Mode=HeadOnly", "--set", "ReplayShare=0.5", "--data", boxes, "--replay", boxes, "--held", boxes);

        Assert.True(offsets.ExitCode == ExitCode.Success, offsets.Error);
        var lines = offsets.Output.TrimEnd().Split('\n');
        Assert.Equal(["checkpoint", "detector", "model", "delta", "memory", "held"], lines.Select(line => line.Split(' ')[0]));
        Assert.EndsWith("delta.json, 2 names, 0.3 kB", lines[3]);
        Assert.Matches(@"^held        AP [\d.]+ before, [\d.]+ after, 2 names$", lines[5]);
        Assert.Contains("held vocabulary, 2 names on 4 images: AP", offsets.Error);
        Assert.Equal(2, EmbeddingDelta.Load(InFolder("offsets/delta.json")).Sentences.Count);
        Assert.True(replayed.ExitCode == ExitCode.Success, replayed.Error);
        Assert.Equal(4, File.ReadLines(Path.Combine(Out, "metrics.csv")).Count(line => line.Contains(",detection,"))); // two steps of new data, as many of old
        Assert.Equal([boxes], TrainingRecipe.Load(Path.Combine(Out, "recipe.json")).Replay);
    }

    [Theory]
    [InlineData("did you mean 'Detection.BatchSize'", "--set", "Detection.BatchSiz=8", "--data", "voc:x")]
    [InlineData("BatchSize is 0, allowed: 1 or more", "--set", "Detection.BatchSize=0", "--data", "voc:x")]
    [InlineData("The data source 'yarn:x' is not understood", "--data", "yarn:x")]
    [InlineData("The data source 'x' is not understood", "--set", "Data=[\"x\"]")]
    [InlineData("There is nothing to learn from")]
    public async Task What_is_not_understood_is_one_line_and_exit_code_2(string problem, params string[] arguments)
    {
        var session = await Train(arguments);

        Assert.Equal((ExitCode.BadUsage, ""), (session.ExitCode, session.Output));
        Assert.Contains(problem, session.Error);
        Assert.EndsWith("See 'detclip train --help'.\n", session.Error);
        Assert.Single(session.Error.TrimEnd('\n').Split('\n'));
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public async Task What_is_not_there_or_damaged_is_exit_code_1()
    {
        var missing = await Session.RunAsync("", "train", "--recipe", InFolder("nowhere.json"), "--data", "voc:x", "--out", Out);
        File.WriteAllText(InFolder("bad.json"), """{ "Epoch": 1 }""");
        var bad = await Session.RunAsync("", "train", "--recipe", InFolder("bad.json"), "--data", "voc:x", "--out", Out);
        var noData = await Train("--data", "voc:nowhere");

        Assert.Equal([1, 1, 1], new[] { missing, bad, noData }.Select(s => s.ExitCode));
        Assert.Contains("nowhere.json", missing.Error);
        Assert.Contains("did you mean 'Epochs'?", bad.Error);
        Assert.Contains("There is no folder 'nowhere'", noData.Error);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void On_a_screen_the_line_moves_and_makes_way_for_messages()
    {
        using var error = new StringWriter { NewLine = "\n" };
        using (var bar = new TrainingBar(new Terminal(TextReader.Null, TextWriter.Null, error) { IsScreen = true }))
        {
            bar.Report(Progress(5, SampleKind.Detection, loss: 2));
            bar.Interrupt(() => error.WriteLine("a message"));
            bar.Report(Progress(6, SampleKind.Pairs, loss: 4));
        }

        var lines = error.ToString().Split('\n');
        Assert.StartsWith("\r[############............] 5/10  detection 2.000  30.0 images/s  0:00:0", lines[0]);
        Assert.EndsWith("\ra message", lines[0]);
        Assert.Contains("6/10  detection 2.000  pairs 4.000", lines[1]);
        Assert.Equal("", lines[2]);
    }

    [Fact]
    public void Elsewhere_there_is_a_line_for_each_tenth()
    {
        using var error = new StringWriter { NewLine = "\n" };
        var bar = new TrainingBar(new Terminal(TextReader.Null, TextWriter.Null, error));

        for (var step = 1; step <= 40; step++) bar.Report(Progress(step, SampleKind.Detection, 1) with { TotalSteps = 40 });

        Assert.Equal(10, error.ToString().TrimEnd().Split('\n').Length);
    }

    private string Grounding => $"coco-grounding:{InFolder("captions.json")},instances={InFolder("boxes.json")},images={_folder}";

    private static TrainingProgress Progress(long step, SampleKind kind, double loss) => new(step, 10, step / 10.0, loss, 0, 0, 0, 1e-3, 1, 30) { Kind = kind };

    private string InFolder(string name) => Path.Combine(_folder, name);

    private Task<Session> Train(params string[] arguments)
    {
        WriteRecipe();
        return Session.RunAsync("", ["train", "--recipe", InFolder("recipe.json"), "--out", Out, .. arguments]);
    }

    private void WriteRecipe() =>
        File.WriteAllText(InFolder("recipe.json"), """
            {
              "Network": { "Variant": "nano", "Backbone": { "Channels": 8, "Heads": [1, 1, 2, 2] }, "Head": { "Channels": 8, "NormGroups": 2, "TowerDepth": 1 },
                "Text": { "Vocabulary": 520, "Layers": 1, "Width": 8, "Heads": 2 }, "EmbeddingWidth": 8 },
              "Epochs": 1, "WarmupSteps": 1, "TextRateFactor": 1, "SamplePictures": 1,
              "Detection": { "BatchSize": 2, "SmallestShortSide": 64, "ShortSide": 64, "LongSide": 64 },
              "Grounding": { "BatchSize": 2, "SmallestShortSide": 64, "ShortSide": 64, "LongSide": 64 },
              "Pairs": { "BatchSize": 2, "SmallestShortSide": 64, "ShortSide": 64, "LongSide": 64 },
            }
            """);

    private (string Boxes, string Captions) WriteData()
    {
        var samples = Enumerable.Range(0, 4).Select(Draw).ToArray();
        CocoWriter.Write(InFolder("boxes.json"), samples, [new(1, "red square"), new(2, "blue square")]);
        var captions = new
        {
            images = samples.Select(s => new { id = s.ImageId, file_name = Path.GetFileName(s.ImagePath), width = s.Width, height = s.Height }),
            annotations = samples.Select(s => new { id = s.ImageId, image_id = s.ImageId, caption = $"One {s.Labels[0]} on gray." }),
        };
        File.WriteAllText(InFolder("captions.json"), JsonSerializer.Serialize(captions));
        return ($"coco:{InFolder("boxes.json")},images={_folder}", $"coco-captions:{InFolder("captions.json")},images={_folder}");
    }

    private sealed class SignalFactAttribute : FactAttribute
    {
        public SignalFactAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows sends Ctrl-C to whole consoles only" : null;
    }

    private DetectionSample Draw(int index)
    {
        using var bitmap = new SKBitmap(64, 64);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Gray);
        using var paint = new SKPaint { Color = index % 2 == 0 ? SKColors.Red : SKColors.Blue };
        canvas.DrawRect(8 + index, 8, 30, 30, paint);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(InFolder($"{index}.png"), png.ToArray());
        return new()
        {
            ImageId = index + 1, ImagePath = InFolder($"{index}.png"), Width = 64, Height = 64, Boxes = [new(8 + index, 8, 38 + index, 38)],
            Labels = [index % 2 == 0 ? "red square" : "blue square"], IsCrowd = [false],
        };
    }
}
