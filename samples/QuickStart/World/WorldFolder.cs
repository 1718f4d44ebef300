using System.Text.Json;
using SkiaSharp;

namespace QuickStart.World;

/// <summary>Writes scenes as images and COCO files: boxes ("instances") or sentences ("captions").</summary>
public static class WorldFolder
{
    /// <summary>Writes images <c>name/000000.jpg …</c> and their boxes, <c>name.json</c>.</summary>
    /// <param name="folder">Made when missing.</param>
    /// <param name="name">Of the split, such as "train".</param>
    /// <param name="generator">Draws the scenes.</param>
    /// <param name="first">Number of the first scene: splits of one world must not share any.</param>
    /// <param name="count">How many scenes.</param>
    /// <param name="unseenShare">See <see cref="SceneGenerator.Draw"/>; at 0 the unseen categories are not even listed.</param>
    public static void WriteBoxes(string folder, string name, SceneGenerator generator, int first, int count, double unseenShare)
    {
        var numbers = ObjectKind.All.Index().ToDictionary(k => k.Item, k => k.Index + 1);
        var categories = generator.Kinds.Where(k => k.Seen || unseenShare > 0)
            .Select(k => new { id = numbers[k], name = k.Name, supercategory = k.Shape.ToString().ToLowerInvariant(), seen = k.Seen });
        var scenes = SaveImages(folder, name, generator, first, count, unseenShare);
        var boxes = scenes.SelectMany(s => s.Objects.Select(o => (s.Id, Object: o))).Select((b, i) => Annotation(i + 1, b.Id, b.Object, numbers[b.Object.Kind]));
        WriteJson(Path.Combine(folder, $"{name}.json"), new { info = Info(name), images = scenes.Select(Image), annotations = boxes, categories });
    }

    /// <summary>Writes images <c>name/000000.jpg …</c> and a sentence about each, <c>name.json</c>; <c>phrases</c> are the names in the sentence.</summary>
    /// <param name="folder">Made when missing.</param>
    /// <param name="name">Of the split, such as "pairs".</param>
    /// <param name="generator">Draws the scenes.</param>
    /// <param name="first">Number of the first scene: splits of one world must not share any.</param>
    /// <param name="count">How many scenes.</param>
    /// <param name="unseenShare">See <see cref="SceneGenerator.Draw"/>.</param>
    public static void WriteSentences(string folder, string name, SceneGenerator generator, int first, int count, double unseenShare)
    {
        var scenes = SaveImages(folder, name, generator, first, count, unseenShare);
        var sentences = scenes.Select(s => new { id = s.Id, image_id = s.Id, caption = s.Caption, phrases = s.Objects.Select(o => o.Kind.Name).Distinct() });
        WriteJson(Path.Combine(folder, $"{name}.json"), new { info = Info(name), images = scenes.Select(Image), annotations = sentences });
    }

    private static List<SavedScene> SaveImages(string folder, string name, SceneGenerator generator, int first, int count, double unseenShare)
    {
        Directory.CreateDirectory(Path.Combine(folder, name));
        return [.. ParallelEnumerable.Range(0, count).AsOrdered().Select(i => SaveImage(folder, $"{name}/{i:000000}.jpg", i + 1, generator.Draw(first + i, unseenShare)))];
    }

    private static SavedScene SaveImage(string folder, string file, int id, Scene scene)
    {
        using (scene)
        {
            using var stream = File.Create(Path.Combine(folder, file));
            scene.Picture.Encode(stream, SKEncodedImageFormat.Jpeg, quality: 92);
            return new(id, file, scene.Picture.Width, scene.Picture.Height, scene.Objects, scene.Caption);
        }
    }

    private static object Image(SavedScene scene) => new { id = scene.Id, file_name = scene.File, width = scene.Width, height = scene.Height };

    private static object Info(string name) => new { description = $"A drawn world of coloured shapes, {name}" };

    private static object Annotation(int id, int imageId, SceneObject item, int category) => new
    {
        id, image_id = imageId, category_id = category, bbox = (float[])[item.Box.X0, item.Box.Y0, item.Box.Width, item.Box.Height], area = item.VisiblePixels, iscrowd = 0,
    };

    private static void WriteJson(string path, object content)
    {
        File.WriteAllText(path + ".partial", JsonSerializer.Serialize(content));
        File.Move(path + ".partial", path, overwrite: true);
    }

    private sealed record SavedScene(int Id, string File, int Width, int Height, IReadOnlyList<SceneObject> Objects, string Caption);
}
