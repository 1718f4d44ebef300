using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Training;

namespace QuickStart;

/// <summary>The first process: data, training, saving.</summary>
internal static class QuickStartRun
{
    private const int BatchSize = 8;

    public static int Start(string[] args)
    {
        try
        {
            if (args is ["--help"] or ["-h"])
            {
                Console.WriteLine(QuickStartArguments.Usage);
                return 0;
            }
            return Run(QuickStartArguments.Parse(args));
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine($"{e.Message}\n\n{QuickStartArguments.Usage}");
            return 2;
        }
        catch (IOException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static int Run(QuickStartArguments arguments)
    {
        var watch = Stopwatch.StartNew();
        Directory.CreateDirectory(arguments.Out);
        Console.WriteLine(arguments.CocoAnnotations is null ? $"1. Drawing {arguments.Scenes} scenes ..." : $"1. Reading {arguments.CocoAnnotations} ...");
        var data = arguments is { CocoAnnotations: { } annotations, CocoImages: { } images }
            ? QuickStartData.SplitCoco(annotations, images, arguments.Out)
            : QuickStartData.Draw(arguments);

        Console.WriteLine($"2. Training on {data.Train} ...");
        var model = Path.Combine(arguments.Out, "detector.zip");
        Train(data, arguments.Steps, model);

        Console.WriteLine($"3. A second process loads {model} and looks for things by name ...");
        var exitCode = DetectRun.StartProcess(model, data, Path.Combine(arguments.Out, "detections"));
        Console.WriteLine($"Done in {watch.Elapsed:m\\:ss} minutes. Look at {Path.GetFullPath(Path.Combine(arguments.Out, "overview.png"))}.");
        Console.WriteLine("The medium edition of this world shows what captions alone teach, beside the paper's numbers: eng/docs/openworld/README.md.");
        return exitCode;
    }

    private static void Train(QuickStartData data, int steps, string path)
    {
        var mlContext = new MLContext(seed: 1);
        var samples = CocoDataset.Load(data.Train, data.TrainImages).Samples;
        var images = mlContext.Data.LoadDetectionSamples(samples);
        var trainer = mlContext.DetClip().Trainers.OpenVocabularyDetection(DetClipTrainer.Options.Nano with
        {
            ImageColumnName = "ImagePath",
            Detection = new() { BatchSize = BatchSize, SmallestShortSide = 112, ShortSide = 128, LongSide = 128 },
            Epochs = (double)steps * BatchSize / samples.Count,
            RunFolder = Path.Combine(Path.GetDirectoryName(path)!, "run"), // a checkpoint to fine-tune from, and curves to look at
            Resume = false,
        });
        using var progress = new ProgressBar("   ");
        using var model = trainer.Fit(images, progress);
        mlContext.Model.Save(model, images.Schema, path);
    }
}
