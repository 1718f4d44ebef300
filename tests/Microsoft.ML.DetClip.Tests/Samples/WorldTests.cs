using System.Text.Json;
using QuickStart.World;

namespace Microsoft.ML.DetClip.Tests;

/// <summary>The drawn world of the quick start.</summary>
public sealed class WorldTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("world").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_kind_has_a_name_of_its_own()
    {
        Assert.Equal(256, ObjectKind.All.Select(k => k.Name).Distinct().Count());
        Assert.Equal("red star", new ObjectKind(Texture.Plain, Colour.Red, Shape.Star).Name);
        Assert.Equal("striped red star", new ObjectKind(Texture.Striped, Colour.Red, Shape.Star).Name);
    }

    [Fact]
    public void Each_colour_and_each_shape_is_seen_and_is_part_of_something_unseen()
    {
        foreach (var seen in (bool[])[true, false])
        {
            var kinds = ObjectKind.All.Where(k => k.Seen == seen).ToArray();
            Assert.Equal(seen ? 224 : 32, kinds.Length);
            Assert.Equal(8, kinds.Select(k => k.Colour).Distinct().Count());
            Assert.Equal(8, kinds.Select(k => k.Shape).Distinct().Count());
        }
    }

    [Fact]
    public void A_scene_follows_from_seed_and_number()
    {
        using var scene = new SceneGenerator(1).Draw(7, 0.3);
        using var again = new SceneGenerator(1).Draw(7, 0.3);
        using var otherSeed = new SceneGenerator(2).Draw(7, 0.3);
        using var otherNumber = new SceneGenerator(1).Draw(8, 0.3);

        Assert.Equal(scene.Picture.Bytes, again.Picture.Bytes);
        Assert.Equal(scene.Objects, again.Objects);
        Assert.NotEqual(scene.Objects, otherSeed.Objects);
        Assert.NotEqual(scene.Objects, otherNumber.Objects);
    }

    [Fact]
    public void Objects_are_inside_visible_and_of_the_kinds_asked_for()
    {
        var generator = new SceneGenerator(3, new() { MaxObjects = 4, Textures = [Texture.Plain, Texture.Dotted] });
        for (var n = 0; n < 40; n++)
        {
            using var scene = generator.Draw(n, unseenShare: n % 2);
            Assert.InRange(scene.Objects.Count, 1, 4);
            Assert.InRange(scene.Picture.Width, 160, 256);
            Assert.All(scene.Objects, o =>
            {
                Assert.Equal(o.Box, o.Box.ClipTo(scene.Picture.Width, scene.Picture.Height));
                Assert.InRange(o.VisiblePixels, 100, o.Box.Area);
                Assert.Equal(n % 2 == 0, o.Kind.Seen);
                Assert.Contains(o.Kind.Texture, (Texture[])[Texture.Plain, Texture.Dotted]);
                Assert.Contains(o.Kind.Name, scene.Caption);
            });
        }
    }

    [Fact]
    public void A_box_fits_tightly_around_what_is_painted()
    {
        var generator = new SceneGenerator(4, new() { MaxObjects = 1, Textures = [Texture.Plain] });
        var reds = Enumerable.Range(0, 80).Select(n => generator.Draw(n, 0)).Where(s => s.Objects[0].Kind.Colour == Colour.Red).ToArray();

        Assert.NotEmpty(reds);
        foreach (var scene in reds)
        {
            var pixels = scene.Picture.Pixels.Index().Where(p => p.Item.Red > 2.2 * p.Item.Green && p.Item.Red > 2.2 * p.Item.Blue && p.Item.Red > 70).Select(p => p.Index).ToArray();
            var (width, box) = (scene.Picture.Width, scene.Objects[0].Box);
            Assert.Equal(box.X0, pixels.Min(i => i % width), 2f);
            Assert.Equal(box.X1, pixels.Max(i => i % width) + 1, 2f);
            Assert.Equal(box.Y0, pixels.Min(i => i / width), 2f);
            Assert.Equal(box.Y1, pixels.Max(i => i / width) + 1, 2f);
            scene.Dispose();
        }
    }

    [Fact]
    public void The_written_folder_is_a_COCO_data_set()
    {
        var generator = new SceneGenerator(5);
        WorldFolder.WriteBoxes(_folder, "train", generator, first: 0, count: 6, unseenShare: 0);
        WorldFolder.WriteBoxes(_folder, "test", generator, first: 100, count: 6, unseenShare: 1);

        var (train, test) = (Read("train.json"), Read("test.json"));
        Assert.Equal(224, train.GetProperty("categories").GetArrayLength());
        Assert.Equal(256, test.GetProperty("categories").GetArrayLength());
        foreach (var (world, allSeen) in ((JsonElement, bool)[])[(train, true), (test, false)])
        {
            var seen = world.GetProperty("categories").EnumerateArray().ToDictionary(c => c.GetProperty("id").GetInt32(), c => c.GetProperty("seen").GetBoolean());
            Assert.Equal(6, world.GetProperty("images").GetArrayLength());
            foreach (var image in world.GetProperty("images").EnumerateArray())
            {
                var size = ImageDecoder.Peek(Path.Combine(_folder, image.GetProperty("file_name").GetString()!));
                Assert.Equal(size, new(image.GetProperty("width").GetInt32(), image.GetProperty("height").GetInt32()));
                Assert.Contains(world.GetProperty("annotations").EnumerateArray(), a => a.GetProperty("image_id").GetInt32() == image.GetProperty("id").GetInt32());
            }
            Assert.All(world.GetProperty("annotations").EnumerateArray(), a => Assert.Equal(allSeen, seen[a.GetProperty("category_id").GetInt32()]));
        }
        Assert.Empty(Directory.GetFiles(_folder, "*.partial"));
    }

    [Fact]
    public void Sentences_name_what_is_on_the_image()
    {
        WorldFolder.WriteSentences(_folder, "pairs", new(6), first: 0, count: 4, unseenShare: 0.5);

        var pairs = Read("pairs.json").GetProperty("annotations").EnumerateArray().ToArray();
        Assert.Equal(4, pairs.Length);
        Assert.All(pairs, (pair, i) =>
        {
            using var scene = new SceneGenerator(6).Draw(i, 0.5);
            Assert.Equal(scene.Caption, pair.GetProperty("caption").GetString());
            Assert.Equal(scene.Objects.Select(o => o.Kind.Name).Distinct(), pair.GetProperty("phrases").EnumerateArray().Select(p => p.GetString()));
            Assert.False(pair.TryGetProperty("bbox", out _));
        });
    }

    private JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, file))).RootElement;
}
