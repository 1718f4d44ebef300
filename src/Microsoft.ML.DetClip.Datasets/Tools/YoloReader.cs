using System.Globalization;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads YOLO's text files (darknet, Ultralytics): for each image a file of lines "class x-center y-center width height", in parts of the image, or of polygons.</summary>
/// <remarks>The size of an image stands in its own header only, so that images must be there.</remarks>
internal sealed class YoloReader
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp"];
    private readonly ReadLog _log;
    private readonly SortedDictionary<int, string> _names;
    private long _count;

    private YoloReader(ReadLog log)
    {
        _log = log;
        var file = log.Options.LabelFile ?? YoloNames.FileIn(log.Path)
            ?? throw new FileNotFoundException($"There are no names of categories in '{log.Path}': data.yaml, classes.txt or obj.names must be there, or LabelFile must name another.");
        _names = YoloNames.Read(file, log.Options.MaxRecordBytes);
        log.Categories.AddRange(_names.Select(name => new DatasetCategory(name.Key, name.Value)));
    }

    /// <summary>A sample for each image below "images" (or the folder itself), in the order of their paths; one without a text file has no objects.</summary>
    public static IEnumerable<DatasetSample> Read(ReadLog log)
    {
        if (!Directory.Exists(log.Path)) throw new DirectoryNotFoundException($"There is no folder '{log.Path}'.");
        var reader = new YoloReader(log);
        foreach (var image in reader.Images())
            if (reader.ReadImage(image) is { } sample) yield return sample;
    }

    private IEnumerable<string> Images()
    {
        var images = _log.Options.ImageFolder ?? (Directory.Exists(Path.Combine(_log.Path, "images")) ? Path.Combine(_log.Path, "images") : _log.Path);
        if (_log.Options.Split is { } split)
            images = new[] { Path.Combine(images, split), Path.Combine(_log.Path, split, "images"), Path.Combine(_log.Path, split) }.FirstOrDefault(Directory.Exists)
                ?? throw new DirectoryNotFoundException($"There is no folder of the part '{split}' in '{_log.Path}'.");
        return Directory.EnumerateFiles(images, "*", SearchOption.AllDirectories)
            .Where(file => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal);
    }

    private DatasetSample? ReadImage(string image)
    {
        ImageSize size;
        try
        {
            size = ImageDecoder.Peek(image);
        }
        catch (Exception e) when (e is ImageDecodingException or IOException)
        {
            _log.Problems.Add(() => e.Message);
            return null;
        }
        var sample = new SampleBuilder(++_count, image, size.Width, size.Height);
        if (LabelsOf(image) is { } labels)
            foreach (var (text, line) in TextLines.Read(labels, _log.Options.MaxRecordBytes))
                if (!string.IsNullOrWhiteSpace(text) && Add(text, sample) is { } problem) _log.Problems.Add(() => $"'{labels}' line {line}: {problem}");
        return sample.ToSample();
    }

    // Ultralytics: the last "images" of the path becomes "labels". Darknet: beside the image.
    private string? LabelsOf(string image)
    {
        var beside = Path.ChangeExtension(image, ".txt");
        var candidates = new List<string> { beside };
        if (_log.Options.ImageFolder is { } folder) candidates.Insert(0, Path.Combine(_log.Path, "labels", Path.GetRelativePath(folder, beside)));
        var parts = Path.GetRelativePath(_log.Path, beside).Split(Path.DirectorySeparatorChar);
        if (Array.LastIndexOf(parts, "images") is >= 0 and var at)
        {
            parts[at] = "labels";
            candidates.Insert(0, Path.Combine([_log.Path, .. parts]));
        }
        return candidates.FirstOrDefault(File.Exists);
    }

    /// <returns>What is wrong; null when the object was added.</returns>
    private string? Add(string line, SampleBuilder sample)
    {
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (!int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var label)) return $"'{fields[0]}' is no number of a category";
        if (!_names.TryGetValue(label, out var name)) return $"category {label} has no name; names are those of {_names.Keys.First()} to {_names.Keys.Last()}";
        var numbers = new double[fields.Length - 1];
        foreach (var (i, field) in fields.Skip(1).Index())
            if (!double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])) return $"'{field}' is no number";
        if (Corners(numbers) is not { } box) return $"there are {numbers.Length} numbers behind the category; a box has 4, a polygon an even number from 6";
        if (_log.Fit(box.X0 * sample.Width, box.Y0 * sample.Height, box.X1 * sample.Width, box.Y1 * sample.Height, sample.Width, sample.Height, out var inside) is { } problem) return problem;
        sample.Add(inside, name);
        return null;
    }

    private static (double X0, double Y0, double X1, double Y1)? Corners(double[] numbers)
    {
        if (numbers is [var x, var y, var width, var height]) return (x - width / 2, y - height / 2, x + width / 2, y + height / 2);
        if (numbers.Length < 6 || numbers.Length % 2 != 0) return null;
        var (xs, ys) = (numbers.Where((_, i) => i % 2 == 0).ToArray(), numbers.Where((_, i) => i % 2 == 1).ToArray());
        return (xs.Min(), ys.Min(), xs.Max(), ys.Max());
    }
}
