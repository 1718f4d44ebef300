using Microsoft.ML;
using Microsoft.ML.DetClip;
using Microsoft.ML.DetClip.Datasets;

namespace OpenWorldRuns;

/// <summary>Pictures of the evaluation with what a detector finds on them when it is asked for all concepts of the world.</summary>
internal static class FoundObjects
{
    private const int Pictures = 16;

    public static void Save(Arguments arguments)
    {
        var world = new WorldFiles(arguments["world"]);
        var context = new MLContext { GpuDeviceId = (int?)arguments.Number("gpu"), FallbackToCpu = false };
        using var loaded = (OpenVocabularyDetectionTransformer)context.Model.Load(arguments["model"], out _);
        using var named = loaded.WithVocabulary(world.Concepts().Select(c => c.Ask("definition")));
        using var detector = named.WithOptions(named.Options with
        {
            ScoreThreshold = (float)(arguments.Number("threshold") ?? 0.2),
            ImageColumnName = nameof(Picture.Path),
            NmsScope = NmsScope.All,
        });
        var images = DatasetFormat.Named("lvis").Read(world.Evaluation, new() { ImageFolder = world.Folder }).Take(Pictures).Select(s => new Picture { Path = s.ImagePath }).ToArray();
        var found = context.Data.CreateEnumerable<Found>(detector.Transform(context.Data.LoadFromEnumerable(images)), reuseRowObject: false).Select(row => row.Detections);
        ContactSheet.Save(arguments["picture"], images.Zip(found, (image, list) => (image.Path, list.Select(d => (d.Box, d.Label)))));
    }

    private sealed class Picture
    {
        public string Path { get; set; } = "";
    }

    private sealed class Found
    {
        [Detections]
        public DetectionList Detections { get; set; } = DetectionList.Empty;
    }
}
