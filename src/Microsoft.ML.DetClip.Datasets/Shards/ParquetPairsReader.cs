using Parquet;
using Parquet.Schema;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads image-text pairs in Parquet: lists of URLs and captions, and img2dataset's output with the images inside. One row group is held at a time.</summary>
internal sealed class ParquetPairsReader(ReadLog log)
{
    private const int MostRowsOfGroup = 1 << 24;
    private const long MostUnfolding = 1000; // a dictionary can stand for many repetitions
    private const long AlwaysAllowed = 64 << 20;
    private const long SlowestBytesPerSecond = 1 << 20;
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(30);
    private static readonly Type Text = typeof(ReadOnlyMemory<char>);
    private static readonly Type Bytes = typeof(ReadOnlyMemory<byte>);
    private static readonly string[] CaptionColumns = ["caption", "text", "txt", "alt_text", "sentence"];
    private static readonly string[] UrlColumns = ["url", "image_url"];
    private static readonly string[] ImageColumns = ["jpg", "jpeg", "png", "webp", "image", "image_bytes"];
    private readonly ImageFiles? _images = log.Options.ImageFolder is { } folder && Directory.Exists(folder) ? new(folder, log.Options) : null;
    private long _count;

    /// <summary>A sample for each row, file by file.</summary>
    public static IEnumerable<DatasetSample> Read(ReadLog log)
    {
        var reader = new ParquetPairsReader(log);
        return ShardFiles.Of(log.Path, ".parquet").SelectMany(reader.ReadFile);
    }

    private IEnumerable<DatasetSample> ReadFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        if (ParquetFooter.ProblemOf(stream, log.Options.MaxRecordBytes) is { } problem) throw new InvalidDataException($"'{path}': not Parquet, damaged, or cut off: {problem}.");
        var parquet = Guard(path, () => ParquetReader.CreateAsync(stream, leaveStreamOpen: true).GetAwaiter().GetResult());
        try
        {
            var columns = ColumnsOf(path, Guard(path, () => parquet.Schema.DataFields));
            for (var group = 0; group < parquet.RowGroupCount; group++)
            {
                var rows = Guard(path, () => ReadGroup(path, parquet, group, columns, stream.Length), stream.Length);
                for (var row = 0; row < rows.Count; row++)
                    if (ToSample(path, rows, row) is { } sample) yield return sample;
            }
        }
        finally
        {
            parquet.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static Columns ColumnsOf(string path, DataField[] fields)
    {
        DataField? Find(string[] names, Type type) => names
            .Select(name => Array.Find(fields, f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && !f.IsArray && f.ClrType == type)).FirstOrDefault(f => f is not null);
        var caption = Find(CaptionColumns, Text) ?? throw new InvalidDataException(
            $"'{path}' has no column of captions ({string.Join(", ", CaptionColumns)}); its columns are {string.Join(", ", fields.Select(f => f.Name))}.");
        var (image, url) = (Find(ImageColumns, Bytes), Find(UrlColumns, Text));
        if (image is null && url is null) throw new InvalidDataException($"'{path}' has neither a column of images ({string.Join(", ", ImageColumns)}) nor one of URLs ({string.Join(", ", UrlColumns)}).");
        return new(caption, url, image, Find(["key"], Text));
    }

    private static Rows ReadGroup(string path, ParquetReader parquet, int group, Columns columns, long fileLength)
    {
        using var reader = parquet.OpenRowGroupReader(group);
        var limit = AlwaysAllowed + MostUnfolding * fileLength;
        if (reader.RowCount is < 0 or > MostRowsOfGroup) throw new InvalidDataException($"'{path}', row group {group}: {reader.RowCount:N0} rows, more than the {MostRowsOfGroup:N0} that are allowed.");
        foreach (var field in columns.All)
            if (reader.GetMetadata(field)?.MetaData is not { } metadata || metadata.TotalUncompressedSize < 0 || metadata.TotalUncompressedSize > limit)
                throw new InvalidDataException($"'{path}', row group {group}: column '{field.Name}' unfolds to more than {limit:N0} bytes, or is damaged.");
        return new((int)reader.RowCount, ReadTexts(reader, columns.Caption)!, ReadTexts(reader, columns.Url), ReadBytes(reader, columns.Image), ReadTexts(reader, columns.Key));
    }

    private static string?[]? ReadTexts(ParquetRowGroupReader reader, DataField? field)
    {
        if (field is null) return null;
        var texts = new string?[reader.RowCount];
        reader.ReadAsync(field, texts.AsMemory()).AsTask().GetAwaiter().GetResult();
        return texts;
    }

    private static byte[]?[]? ReadBytes(ParquetRowGroupReader reader, DataField? field)
    {
        if (field is null) return null;
        var bytes = new byte[]?[reader.RowCount];
        reader.ReadAsync(field, bytes.AsMemory()).AsTask().GetAwaiter().GetResult();
        return bytes;
    }

    private DatasetSample? ToSample(string path, Rows rows, int row)
    {
        var number = ++_count;
        if (string.IsNullOrWhiteSpace(rows.Captions[row])) return Wrong(path, number, "it has no caption");
        var sample = new DatasetSample { ImageId = number, Kind = DatasetSampleKind.Pairs, ImagePath = "", Caption = rows.Captions[row]!.Trim() };
        if (rows.Images is { } images)
        {
            if (images[row] is not { Length: > 0 } bytes) return Wrong(path, number, "it has no image: where a download failed, the bytes are null");
            if (RelativePath.Clean($"{rows.Keys?[row] ?? $"{number:D9}"}.jpg") is not { } name) return Wrong(path, number, $"its key '{rows.Keys?[row]}' leads out of the folder");
            return bytes.Length > log.Options.MaxRecordBytes ? Wrong(path, number, $"its image has {bytes.Length:N0} bytes, more than are allowed") : ShardImages.Place(log, path, name, bytes, sample);
        }
        if (string.IsNullOrWhiteSpace(rows.Urls![row])) return Wrong(path, number, "it has no URL");
        return CaptionTable.Find(_images, rows.Urls[row]!.Trim(), out var image) is { } problem ? Wrong(path, number, problem) : sample with { ImagePath = image };
    }

    private DatasetSample? Wrong(string path, long row, string problem)
    {
        log.Problems.Add(() => $"'{path}' row {row}: {problem}");
        return null;
    }

    // The library meets damaged files with exceptions of many kinds, and may meet some with a loop that does not end: such a thread is left behind, which ends with the process.
    private static T Guard<T>(string path, Func<T> read, long bytes = 0)
    {
        var limit = ShortestLimit + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond);
        try
        {
            var reading = Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return ((IAsyncResult)reading).AsyncWaitHandle.WaitOne(limit) ? reading.GetAwaiter().GetResult()
                : throw new InvalidDataException($"'{path}': damaged, or on a very slow disk: not read within {limit.TotalSeconds:F0} seconds.");
        }
        catch (Exception e) when (e is not InvalidDataException || !e.Message.StartsWith($"'{path}'", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"'{path}': not Parquet, damaged, or cut off: {e.Message}", e);
        }
    }

    private sealed record Columns(DataField Caption, DataField? Url, DataField? Image, DataField? Key)
    {
        public IEnumerable<DataField> All => new[] { Caption, Url, Image, Key }.OfType<DataField>();
    }

    private sealed record Rows(int Count, string?[] Captions, string?[]? Urls, byte[]?[]? Images, string?[]? Keys);
}
