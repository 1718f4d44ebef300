namespace Microsoft.ML.DetClip.Datasets;

/// <summary>The files of a data set that comes in many.</summary>
internal static class ShardFiles
{
    /// <summary>The file itself; those of a folder in the order of their names; those of a pattern such as "{00000..00012}.tar".</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static IEnumerable<string> Of(string path, params string[] extensions)
    {
        if (Directory.Exists(path))
        {
            var files = Directory.GetFiles(path).Where(file => extensions.Any(e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase))).Order(StringComparer.Ordinal).ToArray();
            return files.Length > 0 ? files : throw new FileNotFoundException($"The folder '{path}' holds no file that ends in {string.Join(" or ", extensions)}.");
        }
        return Expand(path);
    }

    private static IEnumerable<string> Expand(string path)
    {
        var (open, close) = (path.IndexOf('{'), path.IndexOf('}'));
        if (File.Exists(path) || open < 0 || close < open || path[(open + 1)..close].Split("..") is not [var first, var last]) return [path];
        if (!int.TryParse(first, out var from) || !int.TryParse(last, out var to) || from < 0 || to < from) return [path];
        return Enumerable.Range(from, to - from + 1).Select(number => path[..open] + number.ToString($"D{first.Length}", null) + path[(close + 1)..]);
    }
}
