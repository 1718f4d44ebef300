namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Collects, or throws, what is wrong with the records of one file.</summary>
internal sealed class RecordProblems(string path, InvalidRecordHandling handling)
{
    private const int Kept = 20;
    private const string Advice =
        $"{nameof(DatasetReadOptions.OnInvalidRecord)} = {nameof(InvalidRecordHandling.Skip)} leaves such records out and counts them.";
    private readonly List<string> _messages = [];
    private string _path = path;
    private int _skipped;

    /// <summary>Says which file offsets are of from now on.</summary>
    public void MoveTo(string file) => _path = file;

    /// <summary>Counts a record that is left out.</summary>
    /// <param name="record">Which one, such as "annotations[17] (id 5)".</param>
    /// <param name="offset">Where it begins, in bytes from the start of the file.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <exception cref="InvalidDataException">If records are not to be left out.</exception>
    public void Add(string record, long offset, string problem) => Add(() => $"'{_path}' {TextPosition.Describe(_path, offset)}: {record}: {problem}");

    /// <summary>Counts a record that is left out.</summary>
    /// <param name="message">Where it stands, and what is wrong with it; asked for only when it is said.</param>
    /// <exception cref="InvalidDataException">If records are not to be left out.</exception>
    public void Add(Func<string> message)
    {
        if (handling == InvalidRecordHandling.Throw) throw new InvalidDataException($"{message()}. {Advice}");
        _skipped++;
        if (_messages.Count < Kept) _messages.Add(message());
    }

    public ReadReport ToReport(int clippedBoxes) => new() { SkippedRecords = _skipped, ClippedBoxes = clippedBoxes, Problems = _messages };
}
