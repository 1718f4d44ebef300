using System.Runtime.ExceptionServices;

namespace Microsoft.ML.DetClip;

/// <summary>What was found in an image.</summary>
/// <param name="Detections">Best score first.</param>
/// <param name="Regions">Null unless regions are asked for.</param>
internal sealed record ImageFindings(DetectionList Detections, RegionList? Regions = null)
{
    /// <summary>Nothing.</summary>
    public static ImageFindings Nothing { get; } = new(DetectionList.Empty);
}

/// <summary>Finds the objects in all rows of a batch, once the result of one of them is asked for.</summary>
/// <remarks>A row that cannot be read fails alone, and only when it is asked for; so a row gives the same, whatever the size of the batch.</remarks>
internal sealed class DetectionBatch
{
    private readonly OpenVocabularyDetectionTransformer _detector;
    private readonly ImageColumn _images;
    private readonly LabelColumn? _labels;
    private readonly ImageFindings?[] _found;
    private readonly ExceptionDispatchInfo?[] _failures;
    private readonly bool _wantsRegions;
    private int _pending;

    public DetectionBatch(OpenVocabularyDetectionTransformer detector, RowBuffer rows, DataViewSchema input)
    {
        (_detector, _wantsRegions) = (detector, detector.Options.RegionsColumnName is not null);
        _images = ImageColumn.Create(rows, input[detector.Options.ImageColumnName]);
        _labels = detector.Options.LabelsColumnName is { } name ? new(rows, input[name], detector.Known) : null;
        (_found, _failures) = (new ImageFindings?[rows.Rows], new ExceptionDispatchInfo?[rows.Rows]);
    }

    /// <summary>The first so many slots hold new rows; what was found before is forgotten.</summary>
    public void Start(int count) => _pending = count;

    /// <summary>What is in the image of a slot.</summary>
    public ImageFindings this[int slot]
    {
        get
        {
            if (_pending > 0) Run(_pending);
            _failures[slot]?.Throw();
            return _found[slot]!;
        }
    }

    private void Run(int count)
    {
        using var session = _detector.OpenSession();
        var inputs = new DetectionInput?[count];
        try
        {
            var vocabularies = ReadVocabularies(count, session.Value);
            Parallel.For(0, count, slot => inputs[slot] = vocabularies[slot] is { } v ? Attempt(slot, () => new DetectionInput(_images.Open(slot), v)) : null);
            int[] slots = [.. Enumerable.Range(0, count).Where(slot => inputs[slot] is not null)];
            var found = Find(session.Value, [.. slots.Select(slot => inputs[slot]!)]);
            for (var i = 0; i < slots.Length; i++) _found[slots[i]] = found[i];
            _pending = 0;
        }
        finally
        {
            foreach (var input in inputs) input?.Dispose();
        }
    }

    private ImageFindings[] Find(DetectorSession session, DetectionInput[] inputs)
    {
        var plan = _detector.Plan;
        if (!_wantsRegions) return [.. BatchDetector.Detect(session, inputs, plan).Select(found => new ImageFindings(AtTemperature(found)))];
        var regions = BatchDetector.FindRegions(session, [.. inputs.Select(input => input.Image.Value)], plan);
        return [.. regions.Zip(inputs, (list, input) => new ImageFindings(AtTemperature(list.Ask(input.Vocabulary, plan.Selection)), list))];
    }

    private DetectionList AtTemperature(DetectionList found) => ScoreTemperature.Apply(found, _detector.Options.Temperature);

    /// <summary>What each slot asks for; null where it asks for nothing or cannot be read.</summary>
    private EncodedVocabulary?[] ReadVocabularies(int count, DetectorSession session)
    {
        var known = new Dictionary<string, EncodedVocabulary>();
        var vocabularies = new EncodedVocabulary?[count];
        for (var i = 0; i < count; i++)
        {
            var slot = i;
            (_found[slot], _failures[slot]) = (ImageFindings.Nothing, null);
            vocabularies[slot] = _labels is null ? _detector.VocabularyOrNone : Attempt(slot, () => Encode(_labels.Read(slot), session, known));
        }
        return vocabularies;
    }

    private EncodedVocabulary? Encode((IReadOnlyList<string> Words, IReadOnlyList<Concept> Concepts) asked, DetectorSession session, Dictionary<string, EncodedVocabulary> known)
    {
        if (asked.Concepts.Count == 0) return _wantsRegions ? EncodedVocabulary.Empty : null;
        var key = string.Join('\n', asked.Words);
        return known.TryGetValue(key, out var vocabulary) ? vocabulary : known[key] =
            _detector.WithOffsets(session.Encode(ScoreTemperature.Undo(asked.Concepts, _detector.Options.Temperature), _detector.Notes, asked.Words));
    }

    private T? Attempt<T>(int slot, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e)
        {
            _failures[slot] = ExceptionDispatchInfo.Capture(e);
            return null;
        }
    }
}
