namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Finds the files of images that annotations name.</summary>
internal sealed class ImageFiles
{
    private readonly string _folder;
    private readonly DatasetReadOptions _options;
    private readonly Dictionary<string, ILookup<string, string>> _listings = [];

    /// <param name="folder">Where names start from.</param>
    /// <param name="options">Whether files must be there.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public ImageFiles(string folder, DatasetReadOptions options)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no image folder '{folder}'.");
        (_folder, _options) = (folder, options);
    }

    /// <summary>The file of a name; one that differs in capitals only will do, as data sets made on Windows have it.</summary>
    /// <returns>What is wrong; null when the file is found, or need not be there.</returns>
    public string? Find(string name, out string file)
    {
        file = "";
        if (RelativePath.Clean(name) is not { } clean) return $"its path '{name}' leaves the image folder";
        file = Path.Combine(_folder, clean);
        if (!_options.CheckImageFiles || File.Exists(file)) return null;
        if (Namesake(file) is not { } namesake) return $"there is no file '{file}'";
        file = namesake;
        return null;
    }

    /// <summary>Compares the annotated size with that in the image's header, where the options ask for it.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? CheckSize(string file, int width, int height)
    {
        if (!_options.CheckImageSizes) return null;
        try
        {
            var size = ImageDecoder.Peek(file);
            return size == new ImageSize(width, height) ? null : $"the image '{file}' is of {size.Width} × {size.Height} pixels, its annotation says {width} × {height}";
        }
        catch (Exception e) when (e is ImageDecodingException or IOException)
        {
            return e.Message;
        }
    }

    private string? Namesake(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        if (!_listings.TryGetValue(folder, out var listing))
        {
            var files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [];
            _listings[folder] = listing = files.ToLookup(f => Path.GetFileName(f), StringComparer.OrdinalIgnoreCase);
        }
        return listing[Path.GetFileName(file)].FirstOrDefault();
    }
}
