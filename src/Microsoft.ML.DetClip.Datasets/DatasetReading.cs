using System.Collections;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>The samples of a data set, read anew at each pass, one after the other.</summary>
/// <remarks>A pass throws <see cref="IOException"/> where a file or folder is not there or cannot be read, and <see cref="InvalidDataException"/>,
/// with file, place and problem, where something in it is wrong.</remarks>
public sealed class DatasetReading : IEnumerable<DatasetSample>
{
    private readonly Func<ReadLog> _start;
    private readonly Func<ReadLog, IEnumerable<DatasetSample>> _read;
    private ReadLog _log;

    internal DatasetReading(string path, DatasetReadOptions options, Func<ReadLog, IEnumerable<DatasetSample>> read)
    {
        (_start, _read) = (() => new(path, options), options.NounPhrases is { } phrases ? log => read(log).Select(sample => WithPhrases(sample, phrases)) : read);
        _log = _start();
    }

    /// <summary>What the latest pass changed or left out so far.</summary>
    public ReadReport Report => _log.Report;

    /// <summary>The categories that the data set declares, in its order, known as soon as a pass gives its first sample; empty for formats that declare none, such as Pascal VOC.</summary>
    public IReadOnlyList<DatasetCategory> Categories => _log.Categories;

    /// <summary>Begins a pass.</summary>
    public IEnumerator<DatasetSample> GetEnumerator() => _read(_log = _start()).GetEnumerator();

    private static DatasetSample WithPhrases(DatasetSample sample, NounPhraseExtractor phrases) =>
        sample.Kind == DatasetSampleKind.Pairs ? sample with { Labels = phrases.Extract(sample.Caption) } : sample;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
