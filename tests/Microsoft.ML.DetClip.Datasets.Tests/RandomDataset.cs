namespace Microsoft.ML.DetClip.Datasets.Tests;

/// <summary>A data set by chance, with images that are there: BMP files that end behind their header.</summary>
internal static class RandomDataset
{
    private static readonly string[] Names = ["mug", "red car", "it's \"odd\"", "naïve café", "traffic_light", "bow_(weapon)", "x: y", "a, b", "狗", "100%"];

    public static (DatasetSample[] Samples, DatasetCategory[] Categories) Create(int seed, string imageFolder, bool captions)
    {
        var random = new Random(seed);
        var ids = Enumerable.Range(1, 90).ToArray();
        random.Shuffle(ids);
        var categories = Names.Take(random.Next(1, Names.Length + 1)).Select((name, i) => new DatasetCategory(ids[i], name)
        {
            Definition = i % 3 == 0 ? $"what {name} is" : null, Synset = i % 4 == 0 ? "thing.n.01" : null, Frequency = i % 5 == 0 ? "r" : null,
            Synonyms = i % 6 == 0 ? [name, "other"] : [],
        }).ToArray();
        var samples = Enumerable.Range(0, random.Next(1, 8)).Select(i => Sample(random, i, imageFolder, categories)).ToArray();
        if (captions) samples = [.. samples.Select((s, i) => i % 3 == 0 ? s with { Kind = DatasetSampleKind.Grounding, Caption = $"A 😀 {string.Join(" and ", s.Labels)}.", IsCrowd = new bool[s.Boxes.Count], AbsentLabels = [], PartialLabels = [] } : s)];
        return (samples, categories);
    }

    private static DatasetSample Sample(Random random, int number, string folder, DatasetCategory[] categories)
    {
        var (width, height) = (random.Next(20, 700), random.Next(20, 700));
        var image = Path.Combine(folder, random.Next(3) == 0 ? "sub" : "", $"img {number} é%20.bmp");
        WriteBitmap(image, width, height);
        var boxes = Enumerable.Range(0, random.Next(5)).Select(_ => RandomBox(random, width, height)).ToArray();
        string Name() => categories[random.Next(categories.Length)].Name;
        return new()
        {
            ImageId = 1000 + number * 7, Kind = DatasetSampleKind.Detection, ImagePath = image, Width = width, Height = height, Boxes = boxes,
            Labels = [.. boxes.Select(_ => Name())], IsCrowd = [.. boxes.Select(_ => random.Next(6) == 0)],
            AbsentLabels = random.Next(2) == 0 ? [Name()] : [], PartialLabels = random.Next(3) == 0 ? [Name()] : [],
        };
    }

    private static Box RandomBox(Random random, int width, int height)
    {
        var (x, y) = (random.NextSingle() * (width - 5), random.NextSingle() * (height - 5));
        return new(x, y, x + 1 + random.NextSingle() * (width - x - 1.5f), y + 1 + random.NextSingle() * (height - y - 1.5f));
    }

    public static void WriteBitmap(string path, int width, int height)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new BinaryWriter(File.Create(path));
        file.Write("BM"u8);
        foreach (var field in (int[])[54 + 3 * width * height, 0, 54, 40, width, height, 1 | 24 << 16, 0, 0, 0, 0, 0, 0]) file.Write(field);
    }
}
