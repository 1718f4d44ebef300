using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>JPEG files through ML.NET's own parts and <c>ApplyOnnxModel</c>, which stop at raw boxes and scores, against ours, which ends in detections. Both run the same frozen graph.</summary>
internal static class OnnxModelBenchmark
{
    private const int Names = 80;
    private const int Images = 8;

    public static void Run(Setting setting, string variant)
    {
        var folder = Setting.Export(variant, Path.Combine(setting.Folder, "frozen"), [setting.Height, setting.Width], setting.Names(Names));
        var context = new MLContext { FallbackToCpu = true };
        var paths = TestImages.Write(setting.Folder, Images, setting.Width, setting.Height);
        var rows = ImageRow.Load(context, paths);
        using var rival = Rival(context, folder, setting).Fit(rows);
        using var one = Ours(context, folder, setting, batch: 1, rows);
        using var eight = Ours(context, folder, setting, batch: Images, rows);
        new Contest(("ApplyOnnxModel", () => Cost.Of(() => Read(rival.Transform(rows)))), ("ours, one by one", () => Cost.Of(() => ImageRow.Find(one, rows))),
                ("ours, one batch", () => Cost.Of(() => ImageRow.Find(eight, rows))))
            .Run($"{Images} JPEG files of {setting.Height}x{setting.Width}, frozen graph of {Names} names, {setting.Threads} threads", setting.Rounds);
    }

    // One offset for three channels is all that ExtractPixels has: the picture is not what the network was trained on, the work is the same.
    private static EstimatorChain<Transforms.Onnx.OnnxTransformer> Rival(MLContext context, string folder, Setting setting) =>
        context.Transforms.LoadImages("Picture", imageFolder: "", inputColumnName: nameof(ImageRow.Image))
            .Append(context.Transforms.ResizeImages("Resized", setting.Width, setting.Height, "Picture", ImageResizingEstimator.ResizingKind.Fill))
            .Append(context.Transforms.ExtractPixels(DetectorContract.Pixels, "Resized", offsetImage: 114, scaleImage: 1 / 58f))
            .Append(context.Transforms.ApplyOnnxModel(new Transforms.Onnx.OnnxOptions
            {
                ModelFile = Path.Combine(folder, DetectorContract.ImageGraphFile),
                InputColumns = [DetectorContract.Pixels],
                OutputColumns = [DetectorContract.Boxes, DetectorContract.Scores],
                ShapeDictionary = new Dictionary<string, int[]> { [DetectorContract.Pixels] = [1, 3, setting.Height, setting.Width] },
                IntraOpNumThreads = setting.Threads,
                FallbackToCpu = true,
            }));

    private static OpenVocabularyDetectionTransformer Ours(MLContext context, string folder, Setting setting, int batch, IDataView rows) =>
        context.Transforms.DetectOpenVocabulary(DetectorModel.Load(folder), new() { BatchSize = batch, ScoreThreshold = 0, Runtime = new() { Threads = setting.Threads } }).Fit(rows);

    private static float Read(IDataView view)
    {
        var sum = 0f;
        var (boxesColumn, scoresColumn) = (view.Schema[DetectorContract.Boxes], view.Schema[DetectorContract.Scores]);
        using var cursor = view.GetRowCursor([boxesColumn, scoresColumn]);
        var (boxes, scores) = (cursor.GetGetter<VBuffer<float>>(boxesColumn), cursor.GetGetter<VBuffer<float>>(scoresColumn));
        var (box, score) = (default(VBuffer<float>), default(VBuffer<float>));
        while (cursor.MoveNext())
        {
            boxes(ref box);
            scores(ref score);
            sum += box.GetValues()[0] + score.GetValues()[0];
        }
        return sum;
    }
}
