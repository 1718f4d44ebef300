using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.DetClip.Datasets.Tests;

/// <summary>What is wrong is said with file, record and place, or left out and counted.</summary>
public class BadInputTests : TempFolder
{
    private const string Good = """{"filename": "a.bmp", "height": 50, "width": 100, "detection": {"instances": [{"bbox": [1, 2, 30, 40], "label": 0, "category": "mug"}]}}""";

    public BadInputTests() => RandomDataset.WriteBitmap(InFolder("a.bmp"), 100, 50);

    [Theory]
    [InlineData("""{"filename": "a.bmp", "height": 50""", "line 2, byte", "not JSON, or cut off", false)]
    [InlineData("""{"filename": "b.bmp", "height": 50, "width": 100, "detection": {}}""", "line 2", "there is no file", true)]
    [InlineData("""{"filename": "../a.bmp", "height": 50, "width": 100, "detection": {}}""", "line 2", "leaves the image folder", true)]
    [InlineData("""{"filename": "/etc/a.bmp", "height": 50, "width": 100, "detection": {}}""", "line 2", "leaves the image folder", true)]
    [InlineData("""{"filename": "a.bmp", "height": -50, "width": 100, "detection": {}}""", "line 2", "width or height is missing", true)]
    [InlineData("""{"\ud800": 1, "height": 50}""", "line 2", "filename is missing or empty", true)]
    [InlineData("""{"filename": "a.bmp", "height": 50, "width": 100}""", "line 2", "neither 'detection' nor 'grounding'", true)]
    [InlineData("""{"filename": "a.bmp", "height": 50, "width": 100, "detection": {"instances": [{"bbox": [30, 2, 30, 40], "category": "mug"}]}}""", "line 2: instances[0]", "the box (30, 2, 30, 40) has no area", true)]
    [InlineData("""{"filename": "a.bmp", "height": 50, "width": 100, "detection": {"instances": [{"bbox": [101, 2, 130, 40], "category": "mug"}]}}""", "line 2: instances[0]", "lies outside its image of 100 × 50 pixels", true)]
    [InlineData("""{"filename": "a.bmp", "height": 50, "width": 100, "detection": {"instances": [{"bbox": [1e99, 2, 130, 40], "category": "mug"}]}}""", "line 2: instances[0]", "is not finite", true)]
    [InlineData("""{"filename": "a.bmp", "height": 50, "width": 100, "detection": {"instances": [{"bbox": [1, 2, 30, 40], "label": 9}]}}""", "line 2: instances[0]", "its label 9 is not in the label map", true)]
    public void A_wrong_line_is_named_or_counted(string line, string place, string problem, bool canBeSkipped)
    {
        var path = Write("a.jsonl", $"{Good}\n{line}\n{Good}\n");

        var message = Assert.Throws<InvalidDataException>(() => Read("odvg", path)).Message;

        Assert.Contains($"'{path}' {place}", message);
        Assert.Contains(problem, message);
        if (canBeSkipped) Assert.Equal(1, Skipping("odvg", path).Report.SkippedRecords);
    }

    [Fact]
    public void A_line_without_end_is_refused_by_its_length()
    {
        var path = Write("a.jsonl", $$"""{"filename": "{{new string('a', 100_000)}}"}""");

        Assert.Contains("longer than the 1,000 bytes", Assert.Throws<InvalidDataException>(() => Read("odvg", path, new() { ImageFolder = Folder, MaxRecordBytes = 1000 })).Message);
    }

    [Fact]
    public void Sizes_and_capitals_of_images_are_compared()
    {
        File.Move(InFolder("a.bmp"), InFolder("A.BMP"));
        var path = Write("a.jsonl", $"{Good}\n{Good.Replace("\"width\": 100", "\"width\": 99")}\n");

        Assert.Equal(InFolder("A.BMP"), Read("odvg", path)[0].ImagePath);
        Assert.Contains("is of 100 × 50 pixels, its annotation says 99 × 50", Assert.Throws<InvalidDataException>(() => Read("odvg", path, new() { ImageFolder = Folder, CheckImageSizes = true })).Message);
    }

    [Fact]
    public void Tar_files_cut_anywhere_are_refused()
    {
        var whole = Tar(("0.jpg", new byte[700]), ("0.txt", "A mug"u8.ToArray()), ("1.jpg", new byte[700]), ("1.txt", "A car"u8.ToArray()));
        for (var length = 1; length < whole.Length - 1024; length += 173)
        {
            var path = InFolder($"{length}.tar");
            File.WriteAllBytes(path, whole[..length]);
            Assert.Contains($"'{path}'", Assert.Throws<InvalidDataException>(() => Read("webdataset", path)).Message);
        }
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink, "0.jpg", "of type SymbolicLink, which is refused")]
    [InlineData(TarEntryType.HardLink, "0.jpg", "of type HardLink, which is refused")]
    [InlineData(TarEntryType.RegularFile, "../../0.jpg", "its name leads out of the archive")]
    [InlineData(TarEntryType.RegularFile, "/0.jpg", "its name leads out of the archive")]
    public void Links_and_paths_out_of_an_archive_are_refused(TarEntryType type, string name, string problem)
    {
        var path = InFolder("a.tar");
        using (var tar = new TarWriter(File.Create(path), TarEntryFormat.Pax))
        {
            tar.WriteEntry(type == TarEntryType.RegularFile ? new PaxTarEntry(type, name) { DataStream = new MemoryStream([1]) } : new PaxTarEntry(type, name) { LinkName = "/etc/passwd" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "1.jpg") { DataStream = new MemoryStream([1]) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "1.txt") { DataStream = new MemoryStream([65]) });
        }

        Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => Read("webdataset", path)).Message);
        var reading = Skipping("webdataset", path, InFolder("out"));
        Assert.Equal("A", reading.Single().Caption);
        Assert.Equal(1, reading.Report.SkippedRecords);
        Assert.Equal(["1.jpg"], Directory.GetFiles(InFolder("out"), "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public void A_decompression_bomb_is_refused_before_it_unfolds()
    {
        var path = InFolder("bomb.tar.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            var header = Tar(("0.jpg", []))[..512]; // a PAX header or the member's own: its size field is what counts
            Encoding.ASCII.GetBytes("00777777777\0").CopyTo(header, 124);
            header[156] = (byte)'0';
            header.AsSpan(148, 8).Fill((byte)' ');
            Encoding.ASCII.GetBytes($"{Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0')}\0 ").CopyTo(header, 148);
            gzip.Write(header);
            for (var i = 0; i < 20; i++) gzip.Write(new byte[1 << 20]);
        }

        var message = Assert.Throws<InvalidDataException>(() => Read("webdataset", path)).Message;

        Assert.Contains("more than the 67,108,864 that are allowed", message);
    }

    [Fact]
    public void What_unfolds_beyond_its_limit_is_refused()
    {
        using var stream = new LimitedStream(new MemoryStream(new byte[100]), limit: 50, "a.tar.gz");

        Assert.Contains("decompression bomb", Assert.Throws<InvalidDataException>(() => stream.ReadExactly(new byte[60])).Message);
    }

    [Fact]
    public async Task Rows_of_parquet_without_bytes_or_captions_are_named_or_counted()
    {
        await Corpus.WriteParquet(InFolder("p.parquet"), ["A mug", "A car", null], [[1, 2, 3], null, [4]]);

        Assert.Contains("row 2: it has no image", Assert.Throws<InvalidDataException>(() => Read("parquet", InFolder("p.parquet"), new())).Message);
        var reading = DatasetFormat.Named("parquet").Read(InFolder("p.parquet"), new() { OnInvalidRecord = InvalidRecordHandling.Skip });
        Assert.Equal("A mug", reading.Single().Caption);
        Assert.Equal(2, reading.Report.SkippedRecords);
    }

    [Fact]
    public void Xml_entities_and_endless_nesting_are_refused()
    {
        Directory.CreateDirectory(InFolder("Annotations"));
        Write("Annotations/a.xml", "<!DOCTYPE a [<!ENTITY b 'bbbb'>]><annotation><filename>&b;</filename></annotation>");
        Assert.Contains("not XML", Assert.Throws<InvalidDataException>(() => Read("voc", Folder)).Message);

        Write("Annotations/a.xml", string.Concat(Enumerable.Repeat("<a>", 100_000)));
        Assert.Contains("nested deeper than 64", Assert.Throws<InvalidDataException>(() => Read("voc", Folder)).Message);
    }

    [Theory]
    [InlineData("../../a.bmp")]
    [InlineData("..%2F..%2Fa.bmp")]
    [InlineData("C:/a.bmp")]
    public void Names_in_vott_that_lead_elsewhere_are_refused(string name)
    {
        var path = Write("v.json", $$"""{"tags": [], "assets": {"x": {"asset": {"name": "{{name}}", "size": {"width": 100, "height": 50} }, "regions": []} } }""");

        Assert.Contains("leaves the image folder", Assert.Throws<InvalidDataException>(() => Read("vott", path)).Message);
    }

    [Theory]
    [InlineData("[[0, 5]]", "1")]
    [InlineData("[[2, 99]]", "is no part of the caption")]
    [InlineData("[[3, 2]]", "is no part of the caption")]
    [InlineData("[]", "tokens_positive is missing or empty")]
    public void Spans_of_captions_are_checked(string spans, string outcome)
    {
        var path = Write("g.json", $$"""{"images": [{"id": 1, "file_name": "a.bmp", "width": 100, "height": "50", "caption": "😀 mug"}], "annotations": [{"id": 1, "image_id": 1, "bbox": [1, 2, 3, 4], "tokens_positive": {{spans}}}], "categories": []}""");

        if (outcome == "1") Assert.Equal(["😀 mug"], Read("goldg", path).Single().Labels);
        else Assert.Contains(outcome, Assert.Throws<InvalidDataException>(() => Read("goldg", path)).Message);
    }

    private DatasetSample[] Read(string format, string path, DatasetReadOptions? options = null) =>
        [.. DatasetFormat.Named(format).Read(path, options ?? (format == "webdataset" ? new() : new() { ImageFolder = Folder }))];

    private DatasetReading Skipping(string format, string path, string? images = null)
    {
        var reading = DatasetFormat.Named(format).Read(path, new() { ImageFolder = images ?? Folder, OnInvalidRecord = InvalidRecordHandling.Skip });
        Assert.NotEmpty(reading.ToArray());
        return reading;
    }

    private static byte[] Tar(params (string Name, byte[] Content)[] members)
    {
        var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
            foreach (var (name, content) in members) tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        return bytes.ToArray();
    }

    [Theory]
    [InlineData("PAR1", "it is shorter than any Parquet file")]
    [InlineData("PAR1............PAR2", "it does not end in 'PAR1'")]
    [InlineData("PAR1....\u007f\u007f\u0000\u0000PAR1", "its footer would have 32,639 bytes")]
    [InlineData("PAR1\u0019\u007f\u007f\u007f\u0004\u0000\u0000\u0000PAR1", "its footer is damaged")] // a list of more elements than there are bytes
    [InlineData("PAR1\u001c\u001c\u001c\u001c\u0004\u0000\u0000\u0000PAR1", "its footer is damaged")] // structs in structs that do not end
    public void A_footer_that_cannot_be_is_refused_before_it_is_read(string file, string problem)
    {
        File.WriteAllBytes(InFolder("p.parquet"), System.Text.Encoding.Latin1.GetBytes(file));

        Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => DatasetFormat.Named("parquet").Read(InFolder("p.parquet")).ToArray()).Message);
    }

    [Fact]
    public void A_pax_header_that_would_be_huge_is_refused()
    {
        var path = InFolder("pax.tar");
        using (var tar = new TarWriter(File.Create(path), TarEntryFormat.Pax))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "0.txt") { DataStream = new MemoryStream([65]) });
        var bytes = File.ReadAllBytes(path);
        Assert.Equal((byte)'x', bytes[156]); // the entry's attributes come first; their size is 12 octal digits, and the checksum counts them
        "77777777777"u8.CopyTo(bytes.AsSpan(124));
        "        "u8.CopyTo(bytes.AsSpan(148));
        System.Text.Encoding.ASCII.GetBytes($"{Convert.ToString(bytes.Take(512).Sum(b => b), 8).PadLeft(6, '0')}\0 ").CopyTo(bytes, 148);
        File.WriteAllBytes(path, bytes);

        var message = Assert.Throws<InvalidDataException>(() => DatasetFormat.Named("webdataset").Read(path).ToArray()).Message;

        Assert.StartsWith($"'{path}' after the start: not a tar archive, damaged, or cut off", message);
    }
}
