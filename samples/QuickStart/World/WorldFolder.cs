using System.Text.Json;
using SkiaSharp;

namespace QuickStart.World;

/// <summary>Writes scenes as images and COCO files: instances (boxes) and captions.</summary>
public static class WorldFolder
{
    /// <summary>Writes one split: <c>name/000000.jpg …</c>, <c>name.json</c> with boxes and <c>name.captions.json</c> with sentences.</summary>
    /// <param name="folder">Made when missing.</param>
    /// <param name="name">Of the split, such as "train".</param>
    /// <param name="generator">Draws the scenes.</param>
    /// <param name="first">Number of the first scene: splits of one world must not share any.</param>
    /// <param name="count">How many scenes.</param>
    /// <param name="unseenShare">See <see cref="SceneGenerator.Draw"/>; at 0 the unseen categories are not even listed.</param>
    public static void Write(string folder, string name, SceneGenerator generator, int first, int count, double unseenShare)
    {
        Directory.CreateDirectory(Path.Combine(folder, name));
        var categories = generator.Kinds.Where(k => k.Seen || unseenShare > 0).ToDictionary(k => k, k => ObjectKind.All.Index().First(p => p.Item == k).Index + 1);
        var scenes = ParallelEnumerable.Range(0, count).AsOrdered().Select(i => Save(generator, first + i, unseenShare, folder, $"{name}/{i:000000}.jpg")).ToList();
        List<object> images = [], boxes = [], captions = [];
        foreach (var (id, scene) in scenes.Select((scene, i) => (i + 1, scene)))
        {
            images.Add(new { id, file_name = scene.File, width = scene.Width, height = scene.Height });
            foreach (var item in scene.Objects) boxes.Add(Annotation(boxes.Count + 1, id, item, categories[item.Kind]));
            captions.Add(new { id, image_id = id, caption = scene.Caption, phrases = scene.Objects.Select(o => o.Kind.Name).Distinct() });
        }
        var named = categories.Select(c => new { id = c.Value, name = c.Key.Name, supercategory = c.Key.Shape.ToString().ToLowerInvariant(), seen = c.Key.Seen });
        WriteJson(Path.Combine(folder, $"{name}.json"), new { info = Info(name), images, annotations = boxes, categories = named });
        WriteJson(Path.Combine(folder, $"{name}.captions.json"), new { info = Info(name), images, annotations = captions });
    }

    private static object Info(string name) => new { description = $"A drawn world of coloured shapes, {name}" };

    private static object Annotation(int id, int imageId, SceneObject item, int category) => new
    {
        id, image_id = imageId, category_id = category, bbox = (float[])[item.Box.X0, item.Box.Y0, item.Box.Width, item.Box.Height], area = item.VisiblePixels, iscrowd = 0,
    };

    private static SavedScene Save(SceneGenerator generator, int number, double unseenShare, string folder, string file)
    {
        using var scene = generator.Draw(number, unseenShare);
        using var stream = File.Create(Path.Combine(folder, file));
        scene.Picture.Encode(stream, SKEncodedImageFormat.Jpeg, quality: 92);
        return new(file, scene.Picture.Width, scene.Picture.Height, scene.Objects, scene.Caption);
    }

    private sealed record SavedScene(string File, int Width, int Height, IReadOnlyList<SceneObject> Objects, string Caption);

    private static void WriteJson(string path, object content)
    {
        File.WriteAllText(path + ".partial", JsonSerializer.Serialize(content));
        File.Move(path + ".partial", path, overwrite: true);
    }
}
