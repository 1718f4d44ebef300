using System.Text;

namespace Microsoft.ML.DetClip.Training;

/// <summary>The table of a run, one line for each step and each look at the validation set, as comma-separated values.</summary>
/// <remarks>A line is complete on disk as far as this process is concerned before the next step begins; a line cut off by a crash is left out when the run goes on.</remarks>
internal sealed class MetricsFile : IDisposable
{
    private readonly StreamWriter _writer;

    private MetricsFile(string path, IReadOnlyList<MetricsRow> rows)
    {
        _writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read), new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
        Kept = rows;
    }

    /// <summary>The rows that were there already and still hold.</summary>
    public IReadOnlyList<MetricsRow> Kept { get; }

    /// <summary>Opens the table of a run that goes on, or makes one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stepsDone">Steps that the run goes on after; rows of later ones are cut, because those steps are done again. 0 begins anew.</param>
    /// <exception cref="InvalidDataException">The file there is another table.</exception>
    public static MetricsFile Open(string path, long stepsDone)
    {
        var rows = stepsDone > 0 && File.Exists(path) ? Read(path).Where(row => row.Step <= stepsDone).ToArray() : [];
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine(MetricsRow.Header);
            foreach (var row in rows) writer.WriteLine(row);
        });
        return new(path, rows);
    }

    /// <summary>All whole rows of a table.</summary>
    /// <exception cref="InvalidDataException">The file is another table.</exception>
    public static IEnumerable<MetricsRow> Read(string path)
    {
        var lines = File.ReadLines(path);
        if (lines.FirstOrDefault() is { } header && header != MetricsRow.Header)
            throw new InvalidDataException($"'{path}' has the columns '{header}', not '{MetricsRow.Header}'. Move it away, or choose another folder.");
        return lines.Skip(1).Select(MetricsRow.Parse).OfType<MetricsRow>();
    }

    /// <summary>Appends a row.</summary>
    public void Add(MetricsRow row) => _writer.WriteLine(row);

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
