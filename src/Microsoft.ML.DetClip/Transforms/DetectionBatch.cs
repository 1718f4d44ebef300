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
internal sealed class DetectionBatch : IDisposable
{
    private readonly OpenVocabularyDetectionTransformer _detector;
    private readonly int _first;
    private readonly ImageColumn _images;
    private readonly LabelColumn? _labels;
    private readonly DetectionInput?[] _inputs;
    private readonly ImageFindings?[] _found;
    private readonly ExceptionDispatchInfo?[] _failures;
    private readonly bool _wantsRegions;
    private int _pending;
    private bool _isOpen;

    /// <summary>A batch of so many slots of a buffer at most, from a slot on.</summary>
    public DetectionBatch(OpenVocabularyDetectionTransformer detector, DataViewSchema input, RowBuffer rows, int first, int size)
    {
        (_detector, _first, _wantsRegions) = (detector, first, detector.Options.RegionsColumnName is not null);
        _images = ImageColumn.Create(rows, input[detector.Options.ImageColumnName]);
        _labels = detector.Options.LabelsColumnName is { } name ? new(rows, input[name], detector.Known) : null;
        (_inputs, _found, _failures) = (new DetectionInput?[size], new ImageFindings?[size], new ExceptionDispatchInfo?[size]);
    }

    /// <summary>True while rows wait for the network.</summary>
    public bool IsPending => _pending > 0;

    /// <summary>What is in the image of a row, counted from the batch's first.</summary>
    public ImageFindings this[int row]
    {
        get
        {
            if (IsPending) Run();
            _failures[row]?.Throw();
            return _found[row]!;
        }
    }

    /// <summary>The first so many slots hold new rows; what was found before is forgotten.</summary>
    public void Start(int count)
    {
        Close();
        _pending = count;
    }

    /// <summary>Reads what the rows ask for and decodes their images, as the network needs them. It may be done in the background before.</summary>
    public void Open()
    {
        if (_isOpen || !IsPending) return;
        using var session = _detector.OpenSession();
        var vocabularies = ReadVocabularies(session.Value);
        Parallel.For(0, _pending, row => _inputs[row] = vocabularies[row] is { } v ? Attempt(row, () => new DetectionInput(_images.Open(_first + row), v)) : null);
        _isOpen = true;
    }

    /// <summary>Frees images that nobody asked for.</summary>
    public void Dispose() => Close();

    private void Run()
    {
        using var session = _detector.OpenSession();
        try
        {
            Open();
            int[] rows = [.. Enumerable.Range(0, _pending).Where(row => _inputs[row] is not null)];
            var found = Find(session.Value, [.. rows.Select(row => _inputs[row]!)]);
            for (var i = 0; i < rows.Length; i++) _found[rows[i]] = found[i];
            _pending = 0;
        }
        finally
        {
            Close();
        }
    }

    private void Close()
    {
        foreach (var input in _inputs) input?.Dispose();
        Array.Clear(_inputs);
        _isOpen = false;
    }

    private ImageFindings[] Find(DetectorSession session, DetectionInput[] inputs)
    {
        var plan = _detector.Plan;
        if (!_wantsRegions) return [.. BatchDetector.Detect(session, inputs, plan).Select(found => new ImageFindings(AtTemperature(found)))];
        var regions = BatchDetector.FindRegions(session, [.. inputs.Select(input => input.Image.Value)], plan);
        return [.. regions.Zip(inputs, (list, input) => new ImageFindings(AtTemperature(list.Ask(input.Vocabulary, plan.Selection)), list))];
    }

    private DetectionList AtTemperature(DetectionList found) => ScoreTemperature.Apply(found, _detector.Options.Temperature);

    /// <summary>What each row asks for; null where it asks for nothing or cannot be read.</summary>
    private EncodedVocabulary?[] ReadVocabularies(DetectorSession session)
    {
        var known = new Dictionary<string, EncodedVocabulary>();
        var vocabularies = new EncodedVocabulary?[_pending];
        for (var i = 0; i < _pending; i++)
        {
            var row = i;
            (_found[row], _failures[row]) = (ImageFindings.Nothing, null);
            vocabularies[row] = _labels is null ? _detector.VocabularyOrNone : Attempt(row, () => Encode(_labels.Read(_first + row), session, known));
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

    private T? Attempt<T>(int row, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e)
        {
            _failures[row] = ExceptionDispatchInfo.Capture(e);
            return null;
        }
    }
}
