using System.Globalization;
using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Shows what the network finds in a few images as it learns: a folder for each time, a PNG for each image.</summary>
/// <param name="folder">Made when the first pictures are.</param>
/// <param name="images">The images.</param>
/// <param name="detectorOf">Makes a detector of the network as it stands.</param>
internal sealed class SamplePictures(string folder, IReadOnlyList<ImageSource> images, Func<DetClipNetwork, NetworkDetector> detectorOf)
{
    private const string Prefix = "step-";

    /// <summary>One name for each place, and only what the network is somewhat sure of: people look at these, no metric does.</summary>
    public static SelectionOptions Shown { get; } = new() { ScoreThreshold = 0.2f, MaxDetections = 30, Scope = NmsScope.All };

    /// <summary>Removes pictures of steps that are done again.</summary>
    public void RemoveAfter(long stepsDone)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var old in Directory.GetDirectories(folder, $"{Prefix}*"))
            if (long.TryParse(Path.GetFileName(old)[Prefix.Length..], CultureInfo.InvariantCulture, out var step) && step > stepsDone) Directory.Delete(old, recursive: true);
    }

    /// <summary>Looks at the images and writes the pictures. The network is left in the mode it came in.</summary>
    /// <returns>Paths of the pictures, in the images' order.</returns>
    public IReadOnlyList<string> Save(DetClipNetwork network, long step)
    {
        var wasTraining = network.training;
        try
        {
            using var detector = detectorOf(network);
            return [.. images.Index().Select(i => Save(detector, i.Item, Path.Combine(folder, $"{Prefix}{step:D7}", $"{i.Index}.png")))];
        }
        finally
        {
            network.train(wasTraining);
        }
    }

    private static string Save(NetworkDetector detector, ImageSource source, string path)
    {
        using var image = source.Decode();
        DetectionDrawing.SavePng(image, detector.Detect(source), path);
        return path;
    }
}
