using System.Globalization;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A data set as a command line or a recipe names it: "format:path,setting=value,…", such as "coco:train.json,images=train2017".</summary>
/// <param name="Format">What is at the path.</param>
/// <param name="Path">A file or folder; relative to the working directory.</param>
/// <param name="Settings">Settings of the format.</param>
internal sealed record DataSource(DatasetFormat Format, string Path, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>Reads the text of a source.</summary>
    /// <exception cref="ArgumentException">It names no format, or lacks a setting or has one that the format does not know; says what is allowed.</exception>
    public static DataSource Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || DatasetFormat.All.FirstOrDefault(f => f.Name == FormatName(text[..colon]) && f.CanRead) is not { } format)
            throw Wrong(text, $"it must begin with a format and a colon; formats are {string.Join(", ", DatasetFormat.All.Where(f => f.CanRead).Select(f => f.Name))}");
        var parts = text[(colon + 1)..].Split(',');
        var first = Array.FindIndex(parts, 1, part => part.Contains('='));
        var (path, given) = first < 0 ? (string.Join(',', parts), []) : (string.Join(',', parts[..first]), parts[first..]);
        if (string.IsNullOrWhiteSpace(path)) throw Wrong(text, $"there is no path after the colon; the form is {format.Form}");
        return new(format, path, SettingsOf(text, format, given));
    }

    /// <summary>Reads the text of a place to write to.</summary>
    /// <exception cref="ArgumentException">It names no format that is written, or no path; says what is allowed.</exception>
    public static DataSource ParseTarget(string text)
    {
        var (format, path) = text.Split(':', 2) is [var name, var rest] ? (DatasetFormat.All.FirstOrDefault(f => f.Name == FormatName(name) && f.CanWrite), rest) : (null, "");
        if (format is null) throw Wrong(text, $"it must begin with a format and a colon; formats that are written are {string.Join(", ", DatasetFormat.All.Where(f => f.CanWrite).Select(f => f.Name))}");
        return string.IsNullOrWhiteSpace(path) ? throw Wrong(text, $"there is no path after the colon; the form is {format.Name}:{format.PathKind}") : new(format, path, new Dictionary<string, string>());
    }

    /// <summary>What the settings say to the reader.</summary>
    public DatasetReadOptions Options => Settings.Aggregate(new DatasetReadOptions(), (options, given) => Format.Settings.First(s => s.Name == given.Key).Set(options, given.Value));

    /// <summary>The samples, as they are asked for. The images are not opened.</summary>
    public DatasetReading Open() => Format.Read(Path, Options);

    /// <summary>Reads the data set for training. The images are not opened.</summary>
    /// <exception cref="IOException">A file or folder is not there.</exception>
    /// <exception cref="InvalidDataException">What is there is damaged or of another layout, or holds images that must be unpacked first; says where and how.</exception>
    public SourceData Read()
    {
        var reading = Open();
        var rows = reading.Select(SourceRow.From).ToArray();
        return new(rows, reading.Report);
    }

    /// <summary>The text of the source.</summary>
    public override string ToString() => $"{Format.Name}:{Path}{string.Concat(Settings.Select(s => $",{s.Key}={s.Value}"))}";

    // As people write it.
    private static string FormatName(string text) => text == "labelstudio" ? "label-studio" : text;

    private static Dictionary<string, string> SettingsOf(string text, DatasetFormat format, string[] given)
    {
        var settings = new Dictionary<string, string>();
        foreach (var part in given)
        {
            var (name, value) = part.Split('=', 2) is [var before, var after] ? (before.Trim(), after) : (part, "");
            if (!format.Settings.Any(s => s.Name == name)) throw Wrong(text, $"{format.Name} has no setting '{name}'; the form is {format.Form}");
            if (value.Length == 0) throw Wrong(text, $"'{name}' has no value; the form is {format.Form}");
            if (!settings.TryAdd(name, value)) throw Wrong(text, $"'{name}' is given twice");
        }
        var missing = format.Settings.Where(s => s.IsRequired && !settings.ContainsKey(s.Name)).Select(s => s.Name).ToArray();
        if (missing.Length > 0) throw Wrong(text, $"{string.Join(" and ", missing)} must be given; the form is {format.Form}");
        return settings;
    }

    private static ArgumentException Wrong(string text, string problem) => new(string.Create(CultureInfo.InvariantCulture, $"The data source '{text}' is not understood: {problem}."));
}
