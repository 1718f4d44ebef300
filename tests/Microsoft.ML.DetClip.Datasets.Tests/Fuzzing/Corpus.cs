using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace Microsoft.ML.DetClip.Datasets.Tests;

/// <summary>A small data set in every format, to be damaged.</summary>
/// <param name="Format">Which reader.</param>
/// <param name="Path">What it reads.</param>
/// <param name="Files">The files that are damaged, in turn.</param>
/// <param name="Options">How it reads.</param>
internal sealed record Corpus(DatasetFormat Format, string Path, string[] Files, DatasetReadOptions Options)
{
    private const string MdetrImages = """[{"file_name": "a.bmp", "height": "50", "width": 100, "id": 0, "caption": "A 😀 mug by a car", "dataset_name": "flickr"}]""";
    private const string MdetrBoxes = """[{"area": 1, "iscrowd": 0, "image_id": 0, "category_id": 1, "id": 0, "bbox": [1, 2, 30, 40], "tokens_positive": [[4, 7], [13, 16]]}]""";

    /// <summary>Writes all of them.</summary>
    public static IReadOnlyList<Corpus> Create(string folder)
    {
        var images = System.IO.Path.Combine(folder, "images");
        var (samples, categories) = RandomDataset.Create(seed: 2, images, captions: false);
        RandomDataset.WriteBitmap(System.IO.Path.Combine(images, "a.bmp"), 100, 50);
        var written = DatasetFormat.All.Where(f => f.CanWrite && f.Name != "coco-results").Select(format => Written(format, folder, images, samples, categories)).ToList();
        var mdetr = $$"""{"info": [], "images": {{MdetrImages}}, "annotations": {{MdetrBoxes}}, "categories": []}""";
        var captions = """{"images": [{"id": 1, "file_name": "a.bmp", "width": 100, "height": 50}], "annotations": [{"id": 1, "image_id": 1, "caption": "A mug.\n"}]}""";
        return
        [
            .. written,
            Text(folder, images, "goldg", "g.json", mdetr), Text(folder, images, "refcoco", "r.json", mdetr), Text(folder, images, "coco-captions", "c.json", captions),
            Text(folder, images, "cc3m", "t.tsv", "A mug\thttp://x.org/a.bmp?y=1\nA car\thttp://x.org/a%2Ebmp\n"),
            Text(folder, images, "objects365", "o.json", File.ReadAllText(written.First(w => w.Format.Name == "coco").Path)),
            Text(folder, images, "odvg", "vg.json", """{"filename": "a.bmp", "height": 50, "width": 100, "grounding": {"caption": "A mug", "regions": [{"bbox": [[1, 2, 3, 4], [5, 6, 7, 8]], "phrase": "mug", "tokens_positive": [[2, 5]]}]}}"""),
            Text(folder, images, "roboflow", "_annotations.coco.json", File.ReadAllText(written.First(w => w.Format.Name == "coco").Path)),
            Flickr(folder, images), Tar(folder, gzip: false), Tar(folder, gzip: true), Parquet(folder),
        ];
    }

    private static Corpus Written(DatasetFormat format, string folder, string images, DatasetSample[] samples, DatasetCategory[] categories)
    {
        var path = System.IO.Path.Combine(folder, format.Name);
        if (format.PathKind == "FILE") path = System.IO.Path.Combine(path, "data.json");
        format.Write(path, samples, categories, new() { ImageFolder = images });
        var files = File.Exists(path) ? [path] : Directory.GetFiles(path, "*", SearchOption.AllDirectories);
        return new(format, path, files, new() { ImageFolder = images, CheckImageFiles = format.Name == "yolo" });
    }

    private static Corpus Text(string folder, string images, string format, string name, string content)
    {
        var path = System.IO.Path.Combine(folder, name);
        File.WriteAllText(path, content);
        return new(DatasetFormat.Named(format), path, [path], new() { ImageFolder = images, CheckImageFiles = false });
    }

    private static Corpus Flickr(string folder, string images)
    {
        var path = System.IO.Path.Combine(folder, "flickr");
        Directory.CreateDirectory(System.IO.Path.Combine(path, "Sentences"));
        Directory.CreateDirectory(System.IO.Path.Combine(path, "Annotations"));
        var (sentences, annotation) = (System.IO.Path.Combine(path, "Sentences", "1.txt"), System.IO.Path.Combine(path, "Annotations", "1.xml"));
        File.WriteAllText(sentences, "A [/EN#7/people/other red mug] by a [/EN#0/notvisual car] .\n");
        File.WriteAllText(annotation, "<annotation><filename>a.bmp</filename><size><width>100</width><height>50</height></size><object><name>7</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object></annotation>");
        return new(DatasetFormat.Named("flickr30k"), path, [sentences, annotation], new() { ImageFolder = images, CheckImageFiles = false });
    }

    private static Corpus Tar(string folder, bool gzip)
    {
        var path = System.IO.Path.Combine(folder, gzip ? "s.tar.gz" : "s.tar");
        using (var file = File.Create(path))
        using (Stream stream = gzip ? new GZipStream(file, CompressionLevel.Fastest) : file)
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax))
            foreach (var (name, content) in new[] { ("0.jpg", "not really"), ("0.json", """{"caption": "A mug", "width": 100, "height": 50}"""), ("0.txt", "A mug"), ("1.jpg", "nor this"), ("1.txt", "A car") })
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
        return new(DatasetFormat.Named("webdataset"), path, [path], new() { MaxRecordBytes = 1 << 20 });
    }

    private static Corpus Parquet(string folder)
    {
        var path = System.IO.Path.Combine(folder, "p.parquet");
        WriteParquet(path, ["A mug", "A car", null], [[1, 2, 3], null, [4]]).GetAwaiter().GetResult();
        return new(DatasetFormat.Named("parquet"), path, [path], new());
    }

    public static async Task WriteParquet(string path, string?[] captions, byte[]?[] images)
    {
        var (caption, image) = (new DataField<string>("caption"), new DataField("jpg", typeof(byte[]), isNullable: true));
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(caption, image), stream);
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(caption, captions!);
        await group.WriteAsync(image, images!);
    }
}
