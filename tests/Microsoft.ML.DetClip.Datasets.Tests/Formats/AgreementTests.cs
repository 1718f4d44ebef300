using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Datasets.Tests;

/// <summary>The examples hold the same six images in every format: what the readers say of them must agree.</summary>
public class AgreementTests : TempFolder
{
    private const string Examples = "data/format-examples";

    // The same kinds of things under the names of LVIS and Objects365.
    private static readonly Dictionary<string, string> SameName = new()
    {
        ["cellular telephone"] = "cell phone", ["laptop computer"] = "laptop", ["microwave oven"] = "microwave", ["computer keyboard"] = "keyboard",
        ["mouse (computer equipment)"] = "mouse",
    };

    [SharedTheory(Examples)]
    [InlineData("lvis", "lvis/lvis_v1_like.json", 0)]
    [InlineData("odvg", "odvg/od.jsonl", 0)]
    [InlineData("voc", "voc", 1)]
    [InlineData("vott", "vott/example-export.json", 0)]
    [InlineData("label-studio", "labelstudio/export.json", 0)]
    [InlineData("label-studio", "labelstudio/export_min.json", 0)]
    [InlineData("objects365", "objects365/v1_objects365_val.json", 0)]
    [InlineData("objects365", "objects365/v2_zhiyuan_objv2_val.json", 0)]
    public void Boxes_and_names_are_those_of_coco(string format, string path, float tolerance)
    {
        var expected = Described(Read("coco", "coco/instances.json"), withCrowds: format is not ("lvis" or "odvg")); // those two know no crowds
        var samples = Read(format, path);

        var actual = Described(samples, withCrowds: true);

        Assert.Equal(expected.Select(e => e.Image), actual.Select(a => a.Image));
        foreach (var (e, a) in expected.Zip(actual)) AssertSame(e.Objects, a.Objects, tolerance + 0.01f, $"{format} {e.Image}");
    }

    [SharedTheory(Examples)]
    [InlineData("goldg", "goldg/final_mixed_no_coco_like.json")]
    [InlineData("odvg", "odvg/vg_mmdet.jsonl")]
    [InlineData("odvg", "odvg/vg_opengdino.jsonl")]
    [InlineData("flickr30k", "flickr30k_entities")]
    public void Captions_phrases_and_boxes_are_those_of_the_flickr_part(string format, string path)
    {
        var expected = Read("goldg", "goldg/final_flickr_separateGT_like.json").OrderBy(s => Path.GetFileName(s.ImagePath), StringComparer.Ordinal).ToArray();
        var actual = Read(format, path).OrderBy(s => Path.GetFileName(s.ImagePath), StringComparer.Ordinal).ToArray();

        Assert.Equal(6, expected.Length);
        Assert.Equal(expected.Select(s => Letters(s.Caption)), actual.Select(s => Letters(s.Caption)));
        Assert.All(actual, s => Assert.Equal(DatasetSampleKind.Grounding, s.Kind));
        foreach (var (e, a) in expected.Zip(actual)) AssertSame(Objects(e, false), Objects(a, false), tolerance: 1.01f, $"{format} {e.ImagePath}");
    }

    [SharedFact(Examples)]
    public void Referring_sentences_have_the_boxes_that_coco_has()
    {
        var boxes = Read("coco", "coco/instances.json").ToDictionary(s => Path.GetFileNameWithoutExtension(s.ImagePath), s => s.Boxes);

        var sentences = Read("refcoco", "refcoco/finetune_refcoco_val_like.json");

        Assert.Equal(12, sentences.Length);
        Assert.All(sentences, s => Assert.Equal([s.Caption], s.Labels));
        Assert.All(sentences, s => Assert.Contains(boxes[Path.GetFileNameWithoutExtension(s.ImagePath).Split('_')[^1]], b => b.IoU(s.Boxes[0]) > 0.999f));
    }

    [SharedTheory(Examples)]
    [InlineData("webdataset", "webdataset/00000.tar")]
    [InlineData("webdataset", "webdataset/00001.tar")]
    [InlineData("webdataset", "webdataset/00002.tar.gz")]
    [InlineData("webdataset", "webdataset/unicode_keys.tar")]
    [InlineData("parquet", "parquet/img2dataset_00000_embedded.parquet")]
    public void Images_of_shards_are_whole_and_have_captions_of_coco(string format, string path)
    {
        var captions = Read("coco-captions", "coco/captions.json").Concat(Captions("cc3m/Train_GCC-example.tsv")).Select(s => s.Caption).ToHashSet(StringComparer.OrdinalIgnoreCase);

        var samples = Read(format, path, new() { OnInvalidRecord = InvalidRecordHandling.Skip });

        Assert.NotEmpty(samples);
        Assert.All(samples, sample =>
        {
            using var image = ImageDecoder.FromBytes(sample.ImageBytes, sample.ImagePath);
            if (sample.Width > 0) Assert.Equal((sample.Width, sample.Height), (image.Width, image.Height));
            Assert.True(sample.Caption.Length > 5);
            Assert.Equal(DatasetSampleKind.Pairs, sample.Kind);
        });
        if (path.Contains("00000")) Assert.Contains(samples, s => captions.Contains(s.Caption));
    }

    [SharedFact(Examples)]
    public void Shards_are_unpacked_where_a_folder_is_named_and_only_once()
    {
        var options = new DatasetReadOptions { ImageFolder = InFolder("unpacked") };
        var samples = Read("webdataset", "webdataset/00000.tar", options);
        var written = samples.Select(s => File.GetLastWriteTimeUtc(s.ImagePath)).ToArray();

        var again = Read("webdataset", "webdataset/00000.tar", options);

        Assert.All(samples, s => Assert.True(s.ImageBytes.IsEmpty && File.Exists(s.ImagePath)));
        Assert.Equal(samples.Select(s => s.ImagePath), again.Select(s => s.ImagePath));
        Assert.Equal(written, again.Select(s => File.GetLastWriteTimeUtc(s.ImagePath)));
    }

    [SharedTheory(Examples)]
    [InlineData("parquet/pairs_url_caption_none.parquet")]
    [InlineData("parquet/pairs_url_caption_snappy.parquet")]
    [InlineData("parquet/pairs_url_caption_gzip.parquet")]
    [InlineData("parquet/pairs_url_caption_zstd.parquet")]
    public void Tables_agree_whatever_compresses_them(string path)
    {
        var expected = Captions("cc3m/Train_GCC-example.tsv").ToDictionary(s => s.ImagePath, s => s.Caption);

        var samples = Read("parquet", path, new());

        Assert.NotEmpty(samples);
        Assert.All(samples, s => Assert.StartsWith("http", s.ImagePath));
        Assert.All(samples.Where(s => expected.ContainsKey(s.ImagePath)), s => Assert.Equal(expected[s.ImagePath], s.Caption, ignoreCase: true)); // Conceptual Captions are all small
        Assert.Contains(samples, s => expected.ContainsKey(s.ImagePath));
    }

    [SharedFact(Examples)]
    public void Files_written_by_arrow_are_read() => Assert.Equal(1000, Read("parquet", "parquet/img2dataset-tests/test_1000.parquet", new()).Length);

    [SharedTheory(Examples)]
    [InlineData("coco/instances.json", "coco")]
    [InlineData("coco/captions.json", "coco-captions")]
    [InlineData("cc3m/Train_GCC-example.tsv", "cc3m")]
    [InlineData("flickr30k_entities", "flickr30k")]
    [InlineData("goldg/final_flickr_separateGT_like.json", "goldg")]
    [InlineData("goldg/final_mixed_no_coco_like.json", "goldg")]
    [InlineData("labelstudio/export.json", "label-studio")]
    [InlineData("labelstudio/export_min.json", "label-studio")]
    [InlineData("lvis/lvis_v1_like.json", "lvis")]
    [InlineData("objects365/v1_objects365_val.json", "objects365")]
    [InlineData("objects365/v2_zhiyuan_objv2_val.json", "objects365")]
    [InlineData("odvg/od.jsonl", "odvg")]
    [InlineData("odvg/vg_mmdet.jsonl", "odvg")]
    [InlineData("parquet/pairs_url_caption_zstd.parquet", "parquet")]
    [InlineData("refcoco/finetune_refcoco_val_like.json", "refcoco")]
    [InlineData("voc", "voc")]
    [InlineData("vott/example-export.json", "vott")]
    [InlineData("webdataset/00002.tar.gz", "webdataset")]
    [InlineData("webdataset", "webdataset")]
    public void Formats_know_their_own(string path, string format) => Assert.Equal(format, DatasetFormat.Of(Example(path)).Name);

    [SharedFact(Examples)]
    public void Pickles_are_refused_with_what_to_use_instead()
    {
        var error = Assert.Throws<InvalidDataException>(() => Read("refcoco", "refcoco/refs(unc)_protocol2.p"));

        Assert.Contains("pickle", error.Message);
        Assert.Contains("finetune_refcoco_train.json", error.Message);
    }

    private static string Example(string path) => SharedData.Path($"{Examples}/{path}");

    private DatasetSample[] Captions(string path) => Read("cc3m", path, new());

    private DatasetSample[] Read(string format, string path) => Read(format, path, new()
    {
        ImageFolder = Example("images"), CheckImageFiles = format is not ("objects365" or "refcoco" or "lvis"), OneBased = format == "voc",
    });

    private static DatasetSample[] Read(string format, string path, DatasetReadOptions options) => [.. DatasetFormat.Named(format).Read(Example(path), options)];

    // Objects365's examples have ids of their own, in the same order.
    private static List<(int Image, List<(string Name, Box Box)> Objects)> Described(DatasetSample[] samples, bool withCrowds)
    {
        var byId = samples[0].ImagePath.Contains("obj") ? samples.OrderBy(s => s.ImageId) : samples.OrderBy(s => Array.IndexOf(Order, Path.GetFileNameWithoutExtension(s.ImagePath).TrimStart('0')));
        return [.. byId.Select((s, i) => (i, Objects(s, withCrowds)))];
    }

    private static readonly string[] Order = ["359219", "453302", "99053", "536038", "802", "553664"];

    private static List<(string Name, Box Box)> Objects(DatasetSample sample, bool withCrowds) =>
        [.. sample.Labels.Zip(sample.Boxes, sample.IsCrowd).Where(o => withCrowds || !o.Third).Select(o => (Plain(o.First), o.Second))];

    private static string Plain(string name)
    {
        var plain = name.Trim().ToLowerInvariant().Replace('_', ' ');
        return SameName.GetValueOrDefault(plain, plain);
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    private static void AssertSame(List<(string Name, Box Box)> expected, List<(string Name, Box Box)> actual, float tolerance, string where)
    {
        Assert.True(expected.Count == actual.Count, $"{where}: {expected.Count} and {actual.Count} objects");
        var left = actual.ToList();
        foreach (var (name, box) in expected)
        {
            var found = left.FindIndex(o => Plain(o.Name) == Plain(name) && Near(o.Box, box, tolerance));
            Assert.True(found >= 0, $"{where}: no '{name}' at {box} among {string.Join("; ", left)}");
            left.RemoveAt(found);
        }
    }

    private static bool Near(Box a, Box b, float tolerance) =>
        MathF.Abs(a.X0 - b.X0) <= tolerance && MathF.Abs(a.Y0 - b.Y0) <= tolerance && MathF.Abs(a.X1 - b.X1) <= tolerance && MathF.Abs(a.Y1 - b.Y1) <= tolerance;
}
