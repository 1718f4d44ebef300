using Microsoft.ML.DetClip;

namespace OpenWorldRuns;

/// <summary>Pictures of the evaluation with what a detector finds on them when it is asked for all concepts of the world.</summary>
internal static class FoundObjects
{
    private const int Pictures = 16;

    public static void Save(Arguments arguments)
    {
        var world = new WorldFiles(arguments["world"]);
        var threshold = (float)(arguments.Number("threshold") ?? 0.2);
        var images = world.Images().Take(Pictures).ToArray();
        var found = AskedDetector.Find(arguments, world.Concepts().Select(c => c.Ask("definition")), images, options => options with { ScoreThreshold = threshold, NmsScope = NmsScope.All });
        ContactSheet.Save(arguments["picture"], images.Zip(found, (image, list) => (image.ImagePath, list.Select(d => (d.Box, d.Label)))));
    }
}
