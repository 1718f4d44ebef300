namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads Conceptual Captions (Sharma et al. 2018): lines "caption, tab, URL". With an image folder, the image is there under the last part of its URL.</summary>
internal static class CaptionTable
{
    /// <summary>A sample for each line.</summary>
    public static IEnumerable<DatasetSample> Read(ReadLog log)
    {
        var images = log.Options.ImageFolder is { } folder ? new ImageFiles(folder, log.Options) : null;
        foreach (var (text, line) in TextLines.Read(log.Path, log.Options.MaxRecordBytes))
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (ToSample(text, line, images, out var problem) is { } sample) yield return sample;
            else log.Problems.Add(() => $"'{log.Path}' line {line}: {problem}");
        }
    }

    private static DatasetSample? ToSample(string text, int line, ImageFiles? images, out string? problem)
    {
        problem = "it is not a caption, a tab and a URL";
        if (text.Split('\t') is not [var caption, var url] || string.IsNullOrWhiteSpace(caption) || string.IsNullOrWhiteSpace(url)) return null;
        problem = Find(images, url.Trim(), out var image);
        return problem is null ? new() { ImageId = line, Kind = DatasetSampleKind.Pairs, ImagePath = image, Caption = caption.Trim() } : null;
    }

    /// <summary>The file of a URL's image; the URL itself where there are no files.</summary>
    public static string? Find(ImageFiles? images, string url, out string image)
    {
        image = url;
        return images?.Find(Uri.UnescapeDataString(url.Split('?')[0].Split('/')[^1]), out image);
    }
}
