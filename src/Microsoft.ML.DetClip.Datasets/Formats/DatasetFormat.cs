namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A format of data sets: what the command line and recipes call it, how it is told from others, and how it is read and written.</summary>
/// <remarks>All formats give <see cref="DatasetSample"/>, so that training, evaluation and conversion know none of them by itself. A new one is an entry of <see cref="All"/>.</remarks>
public sealed class DatasetFormat
{
    private readonly Func<ReadLog, IEnumerable<DatasetSample>> _read;
    private readonly Func<DatasetProbe, bool> _detects;

    internal DatasetFormat(string name, string path, string gives, DataSetting[] settings, Func<DatasetProbe, bool> detects, Func<ReadLog, IEnumerable<DatasetSample>> read)
    {
        (Name, PathKind, Gives, Settings, _detects, _read) = (name, path, gives, [.. settings, DataSetting.Invalid], detects, read);
    }

    /// <summary>What writes the format; null where nothing does.</summary>
    internal Action<WriteJob>? Writer { get; init; }

    /// <summary>What a written file holds.</summary>
    internal DatasetContent Holds { get; init; }

    /// <summary>All formats, by their names.</summary>
    public static IReadOnlyList<DatasetFormat> All { get; } = [.. BuiltInFormats.Create().OrderBy(format => format.Name, StringComparer.Ordinal)];

    /// <summary>Short name, such as "coco".</summary>
    public string Name { get; }

    /// <summary>What it gives, in a few words for help texts.</summary>
    public string Gives { get; }

    /// <summary>What stands at a data set's path, in a word: FILE or FOLDER.</summary>
    internal string PathKind { get; }

    /// <summary>What may follow the path on a command line.</summary>
    internal IReadOnlyList<DataSetting> Settings { get; }

    /// <summary>Such as "coco:FILE,images=FOLDER[,invalid=skip]".</summary>
    internal string Form => $"{Name}:{PathKind}{string.Concat(Settings.Select(s => s.IsRequired ? $",{s.Name}={s.Value}" : $"[,{s.Name}={s.Value}]"))}";

    /// <summary>Finds a format by its name.</summary>
    /// <exception cref="ArgumentException">There is none; says which there are.</exception>
    public static DatasetFormat Named(string name) => All.FirstOrDefault(format => format.Name == name)
        ?? throw new ArgumentException($"There is no format '{name}'; formats are {string.Join(", ", All.Select(format => format.Name))}.", nameof(name));

    /// <summary>The format of what is at a path.</summary>
    /// <exception cref="FileNotFoundException">There is nothing.</exception>
    /// <exception cref="InvalidDataException">It is of no known format, or looks like several.</exception>
    public static DatasetFormat Of(string path)
    {
        if (!Path.Exists(path)) throw new FileNotFoundException($"There is no '{path}'.", path);
        var probe = new DatasetProbe(path);
        return All.Where(format => format._detects(probe)).ToArray() switch
        {
            [var format] => format,
            [] => throw new InvalidDataException($"'{path}' is of no known format; formats are {string.Join(", ", All.Select(format => format.Name))}."),
            var several => throw new InvalidDataException($"'{path}' looks like {string.Join(" and ", several.Select(format => format.Name))}; name the format."),
        };
    }

    /// <summary>Whether what is at a path looks like this format; reads a little of it.</summary>
    /// <exception cref="IOException">It is there and cannot be read.</exception>
    public bool Detects(string path) => Path.Exists(path) && _detects(new(path));

    /// <summary>The samples of a data set. Nothing is read before the first is asked for.</summary>
    /// <param name="path">A file or folder, as the format has it.</param>
    /// <param name="options">Null for the defaults.</param>
    public DatasetReading Read(string path, DatasetReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new(path, options ?? new(), _read);
    }

    /// <summary>Whether <see cref="Read"/> reads this format; results of a detector are written only.</summary>
    public bool CanRead { get; internal init; } = true;

    /// <summary>Whether <see cref="Write"/> writes this format.</summary>
    public bool CanWrite => Writer is not null;

    /// <summary>Writes a data set beside its place, then renames: readers never see a part. Images are not copied.</summary>
    /// <param name="path">A file to make or replace, or a folder for files that are not there yet, as the format has it.</param>
    /// <param name="samples">The images, enumerated once and held.</param>
    /// <param name="categories">Null numbers the labels from 1 as they come; labels that are none of the categories get numbers behind the last.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>What the format cannot hold and was dropped, each as "12 marks of crowds"; empty when nothing was lost.</returns>
    /// <exception cref="NotSupportedException">The format is read only.</exception>
    /// <exception cref="InvalidDataException">The data set cannot be written so, such as two images of one name; nothing is written.</exception>
    public IReadOnlyList<string> Write(string path, IEnumerable<DatasetSample> samples, IReadOnlyList<DatasetCategory>? categories = null, DatasetWriteOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Writer is null) throw new NotSupportedException($"The format '{Name}' is read, not written; formats that are written are {string.Join(", ", All.Where(f => f.CanWrite).Select(f => f.Name))}.");
        var held = samples.ToArray();
        var plan = new WritePlan(Holds);
        Writer(plan.Fit(path, held, categories ?? [], options ?? new()));
        return plan.Dropped;
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>A setting of a format on a command line.</summary>
/// <param name="Name">Stands before the equals sign.</param>
/// <param name="Value">What stands behind it, for help texts.</param>
/// <param name="Set">Puts the value where readers look.</param>
/// <param name="IsRequired">Whether it must be given.</param>
internal sealed record DataSetting(string Name, string Value, Func<DatasetReadOptions, string, DatasetReadOptions> Set, bool IsRequired = false)
{
    public static readonly DataSetting Invalid = new("invalid", "skip", (o, value) => value == "skip" ? o with { OnInvalidRecord = InvalidRecordHandling.Skip } : o);
    public static readonly DataSetting Images = new("images", "FOLDER", (o, value) => o with { ImageFolder = value });
    public static readonly DataSetting NeededImages = Images with { IsRequired = true };
    public static readonly DataSetting Split = new("split", "NAME", (o, value) => o with { Split = value });
    public static readonly DataSetting Base = new("base", "0|1", (o, value) => o with { OneBased = value == "1" });
    public static readonly DataSetting Labels = new("labels", "FILE", (o, value) => o with { LabelFile = value });
    public static readonly DataSetting Phrases = new("wordnet", "FOLDER", (o, value) => o with { NounPhrases = NounPhraseExtractor.LoadWordNet(value) });
    public static readonly DataSetting Instances = new("instances", "FILE", (o, value) => o with { InstancesFile = value }, IsRequired: true);
}
