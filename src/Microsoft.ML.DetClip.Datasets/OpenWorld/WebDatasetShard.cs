using System.Formats.Tar;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Writes a shard of WebDataset as img2dataset does: 000000000.jpg, .txt and .json for each pair. Equal samples make equal bytes.</summary>
internal static class WebDatasetShard
{
    /// <summary>Writes the shard, beside its place first.</summary>
    /// <param name="path">A tar file.</param>
    /// <param name="samples">Pairs with their encoded images.</param>
    public static void Write(string path, IEnumerable<DatasetSample> samples) => AtomicFile.Write(path, stream =>
    {
        using var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true);
        foreach (var (i, sample) in samples.Index())
        {
            Add(tar, $"{i:000000000}.jpg", sample.ImageBytes.ToArray());
            Add(tar, $"{i:000000000}.txt", Encoding.UTF8.GetBytes(sample.Caption));
            Add(tar, $"{i:000000000}.json", JsonSerializer.SerializeToUtf8Bytes(new { caption = sample.Caption, phrases = sample.Labels, width = sample.Width, height = sample.Height }));
        }
    });

    private static void Add(TarWriter tar, string name, byte[] bytes)
    {
        using var content = new MemoryStream(bytes);
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch });
    }
}
