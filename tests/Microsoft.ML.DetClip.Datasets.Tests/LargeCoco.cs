using System.Globalization;

namespace Microsoft.ML.DetClip.Datasets.Tests;

/// <summary>A COCO file of any size, with polygons as the real ones have.</summary>
internal static class LargeCoco
{
    private const int BoxesOfImage = 12;

    public static void Write(string path, long bytes)
    {
        using var text = new StreamWriter(path);
        text.Write("{\"info\": {}, \"annotations\": [");
        var (random, image, id) = (new Random(1), 0, 0L);
        var polygon = string.Join(", ", Enumerable.Range(0, 30).Select(_ => (random.Next(100000) / 100.0).ToString(CultureInfo.InvariantCulture)));
        for (; text.BaseStream.Position < bytes * 0.93; image++)
            for (var i = 0; i < BoxesOfImage; i++)
            {
                text.Write(id == 0 ? "" : ", ");
                text.Write(string.Create(CultureInfo.InvariantCulture, $"{{\"id\": {++id}, \"image_id\": {image}, \"category_id\": {random.Next(80)}, \"iscrowd\": 0, \"bbox\": [{random.Next(500)}.25, {random.Next(300)}.5, {random.Next(1, 100)}, {random.Next(1, 100)}.75], \"area\": 100.5, \"segmentation\": [["));
                text.Write(polygon);
                text.Write("]]}");
            }
        text.Write("], \"images\": [");
        for (var i = 0; i < image; i++) text.Write($"{(i == 0 ? "" : ", ")}{{\"id\": {i}, \"file_name\": \"{i:D12}.jpg\", \"width\": 640, \"height\": 480}}");
        text.Write($"], \"categories\": [{string.Join(", ", Enumerable.Range(0, 80).Select(i => $"{{\"id\": {i}, \"name\": \"category {i}\"}}"))}]}}");
    }

    public static (long Images, long Boxes) Read(string path, string images)
    {
        var (count, boxes) = (0L, 0L);
        foreach (var sample in DatasetFormat.Named("coco").Read(path, new() { ImageFolder = images, CheckImageFiles = false }))
        {
            count++;
            boxes += sample.Boxes.Count;
        }
        return (count, boxes);
    }
}
