using Microsoft.ML.DetClip.Datasets;

namespace OpenWorldRuns;

/// <summary>Pictures of the evaluation with a box and the name around each object, so that one can see whether a person would say the same.</summary>
internal static class NamedObjects
{
    public static void Save(string world, string path)
    {
        var samples = new[] { "evaluation.json", "composable.json" }.SelectMany(file => DatasetFormat.Named("lvis").Read(Path.Combine(world, file), new() { ImageFolder = world }));
        ContactSheet.Save(path, samples.GroupBy(s => s.ImagePath).Select(scene => (scene.Key, scene.SelectMany(s => s.Boxes.Zip(s.Labels)))));
    }
}
