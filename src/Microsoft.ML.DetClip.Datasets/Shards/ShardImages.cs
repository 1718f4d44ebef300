namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Where the images go that stand inside shards: into a folder, or along with the sample.</summary>
internal static class ShardImages
{
    /// <summary>A sample of an image from a shard; unpacks the image where the options name a folder and it is not there yet.</summary>
    public static DatasetSample Place(ReadLog log, string shard, string name, byte[] bytes, DatasetSample sample)
    {
        if (log.Options.ImageFolder is not { } folder) return sample with { ImagePath = $"{shard}!{name}", ImageBytes = bytes };
        var path = Path.Combine(folder, Path.GetFileName(shard).Split('.')[0], name);
        if (!File.Exists(path) || new FileInfo(path).Length != bytes.Length) AtomicFile.Write(path, stream => stream.Write(bytes));
        return sample with { ImagePath = path };
    }
}
