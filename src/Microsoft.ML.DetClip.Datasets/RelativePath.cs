namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Paths that come from data and must not lead out of their folder.</summary>
internal static class RelativePath
{
    /// <summary>The path with plain slashes; null when it is empty, begins at a root or a drive, climbs by "..", or holds control characters.</summary>
    public static string? Clean(string path)
    {
        var clean = path.Replace('\\', '/');
        while (clean.StartsWith("./", StringComparison.Ordinal)) clean = clean[2..];
        if (string.IsNullOrWhiteSpace(clean) || clean[0] == '/' || clean.Length > 1 && clean[1] == ':') return null;
        return clean.Any(char.IsControl) || clean.Split('/').Contains("..") ? null : clean;
    }
}
