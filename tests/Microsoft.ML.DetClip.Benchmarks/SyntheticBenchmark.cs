using System.Text.Json;
using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Benchmarks;

/// <summary>Seeded ground truth and detections of a given size, as files.</summary>
/// <param name="Name">What the benchmark calls it.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Categories">Number of categories.</param>
/// <param name="Objects">Objects of an image.</param>
/// <param name="Detections">Detections of an image; a third are moved objects, the rest strays.</param>
/// <param name="IsLvis">Whether images say which categories are absent, and categories how frequent they are.</param>
internal sealed record SyntheticBenchmark(string Name, int Images, int Categories, int Objects, int Detections, bool IsLvis)
{
    private const int CategoriesOfImage = 10, AbsentOfImage = 10;

    /// <summary>5,000 images with 100 detections each, 80 categories: the size of COCO's validation set.</summary>
    public static SyntheticBenchmark Coco { get; } = new("coco", 5_000, 80, 7, 100, IsLvis: false);

    /// <summary>4,809 images with 300 detections each, 1,203 categories: the size of LVIS's minival.</summary>
    public static SyntheticBenchmark Lvis { get; } = new("lvis", 4_809, 1_203, 10, 300, IsLvis: true);

    /// <summary>Writes both files.</summary>
    public void Write(string groundTruthPath, string detectionsPath, int seed)
    {
        var random = new Random(seed);
        var detections = new List<DetectionResult>(Images * Detections);
        using (var json = new Utf8JsonWriter(File.Create(groundTruthPath)))
        {
            json.WriteStartObject();
            var images = Enumerable.Range(1, Images).Select(_ => Distinct(random)).ToArray();
            WriteList(json, "images", images, (known, i) => WriteImage(json, known, i + 1));
            WriteList(json, "categories", Enumerable.Range(1, Categories), (id, _) => WriteCategory(json, id));
            json.WriteStartArray("annotations");
            for (var i = 0; i < Images; i++) WriteObjects(json, images[i], i, detections, random);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        CocoFiles.WriteResults(detectionsPath, detections);
    }

    private int[] Distinct(Random random)
    {
        var ids = new HashSet<int>();
        while (ids.Count < CategoriesOfImage + AbsentOfImage) ids.Add(random.Next(1, Categories + 1));
        return [.. ids];
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T, int> write)
    {
        json.WriteStartArray(name);
        var i = 0;
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item, i++);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteImage(Utf8JsonWriter json, int[] known, int id)
    {
        json.WriteNumber("id", id);
        json.WriteNumber("width", 640);
        json.WriteNumber("height", 480);
        if (!IsLvis) return;
        json.WriteStartArray("neg_category_ids");
        foreach (var category in known[CategoriesOfImage..]) json.WriteNumberValue(category);
        json.WriteEndArray();
        json.WriteStartArray("not_exhaustive_category_ids");
        json.WriteNumberValue(known[0]);
        json.WriteEndArray();
    }

    private static void WriteCategory(Utf8JsonWriter json, int id)
    {
        json.WriteNumber("id", id);
        json.WriteString("name", $"category {id}");
        json.WriteString("frequency", (id % 3) switch { 0 => "r", 1 => "c", _ => "f" });
    }

    private void WriteObjects(Utf8JsonWriter json, int[] known, int image, List<DetectionResult> detections, Random random)
    {
        var objects = new (int Category, double[] Box)[Objects];
        for (var o = 0; o < Objects; o++)
        {
            objects[o] = (known[random.Next(CategoriesOfImage)], RandomBox(random));
            WriteObject(json, (image * Objects) + o + 1, image + 1, objects[o].Category, objects[o].Box, isCrowd: !IsLvis && random.Next(100) == 0);
        }
        for (var d = 0; d < Detections; d++)
        {
            var (category, box) = d % 3 == 0 ? objects[random.Next(Objects)] : (known[random.Next(known.Length)], RandomBox(random));
            if (d % 3 == 0) box = [.. box.Select(side => Math.Round(side * (0.9 + 0.2 * random.NextDouble()), 2))];
            detections.Add(new(image + 1, category, box[0], box[1], box[2], box[3], Math.Round(random.NextDouble(), 5)));
        }
    }

    private static void WriteObject(Utf8JsonWriter json, int id, int image, int category, double[] box, bool isCrowd)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteNumber("image_id", image);
        json.WriteNumber("category_id", category);
        json.WriteStartArray("bbox");
        foreach (var side in box) json.WriteNumberValue(side);
        json.WriteEndArray();
        json.WriteNumber("area", box[2] * box[3] * 0.7);
        json.WriteNumber("iscrowd", isCrowd ? 1 : 0);
        json.WriteEndObject();
        if (json.BytesPending > 1 << 20) json.Flush();
    }

    private static double[] RandomBox(Random random)
    {
        double Side(double least, double most) => Math.Round(least + random.NextDouble() * (most - least), 2);
        var size = random.Next(3) switch { 0 => 30, 1 => 90, _ => 300 };
        return [Side(0, 500), Side(0, 400), Side(size / 4.0, size), Side(size / 4.0, size)];
    }
}
