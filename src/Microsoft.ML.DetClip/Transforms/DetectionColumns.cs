using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>The columns that a detector adds to an input, and what they need of it.</summary>
internal sealed class DetectionColumns
{
    private readonly OpenVocabularyDetectionTransformer _detector;
    private readonly DataViewSchema _input;
    private readonly Func<Func<ImageFindings>, Delegate>[] _makers = [MakeLabels, MakeScores, MakeBoxes, MakeDetections, MakeRegions];

    public DetectionColumns(OpenVocabularyDetectionTransformer detector, DataViewSchema input)
    {
        detector.Options.CheckInput(input);
        (_detector, _input) = (detector, input);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach (var (name, type) in Added(detector.Options)) builder.AddColumn(name, type);
        Schema = builder.ToSchema();
    }

    /// <summary>The input's columns, then the added ones.</summary>
    public DataViewSchema Schema { get; }

    public DataViewSchema InputSchema => _input;

    public int BatchSize => _detector.BatchRows;

    /// <summary>Names and types of the added columns, in their order.</summary>
    public static IEnumerable<(string Name, DataViewType Type)> Added(OpenVocabularyDetectionEstimator.Options options) =>
    [
        (options.PredictedLabelColumnName, new VectorDataViewType(TextDataViewType.Instance)),
        (options.ScoreColumnName, new VectorDataViewType(NumberDataViewType.Single)),
        (options.BoundingBoxColumnName, new VectorDataViewType(NumberDataViewType.Single)),
        (options.DetectionsColumnName, DetectionsDataViewType.Instance),
        .. options.RegionsColumnName is { } name ? [(name, RegionsDataViewType.Instance)] : Array.Empty<(string, DataViewType)>(),
    ];

    /// <summary>The shape of an input with the added columns.</summary>
    public static SchemaShape AddTo(SchemaShape input, OpenVocabularyDetectionEstimator.Options options)
    {
        var added = SchemaShapes.Of(Added(options)).ToDictionary(c => c.Name);
        return new(input.Where(c => !added.ContainsKey(c.Name)).Concat(added.Values));
    }

    public static InvalidOperationException NotActive(DataViewSchema.Column column) => new($"Column '{column.Name}' was not asked for when the cursor was made.");

    public static InvalidOperationException OtherType(DataViewSchema.Column column, Type type) => new($"Column '{column.Name}' has values of type {column.Type.RawType}, not {type}.");

    public bool IsAdded(DataViewSchema.Column column) => column.Index >= _input.Count;

    public bool IsDetections(DataViewSchema.Column column) => column.Index == _input.Count + 3;

    /// <summary>The column of the input that passes through as this one.</summary>
    public DataViewSchema.Column InInput(DataViewSchema.Column column) => _input[column.Index];

    /// <summary>The columns of the input that must be read for these columns.</summary>
    public IReadOnlyList<DataViewSchema.Column> DependenciesOf(IEnumerable<DataViewSchema.Column> columns)
    {
        DataViewSchema.Column[] all = [.. columns];
        var dependencies = all.Where(c => !IsAdded(c)).Select(InInput);
        if (all.Any(IsAdded)) dependencies = dependencies.Concat(_detector.Options.InputColumnNames.Select(name => _input[name]));
        return [.. dependencies.DistinctBy(c => c.Index)];
    }

    /// <summary>The detections of so many rows of a buffer at most, from a slot on.</summary>
    public DetectionBatch StartBatch(RowBuffer rows, int first, int size) => new(_detector, _input, rows, first, size);

    /// <summary>A getter of an added column that shows what is found in the current row.</summary>
    public Delegate MakeGetter(DataViewSchema.Column column, Func<ImageFindings> current) => _makers[column.Index - _input.Count](current);

    private static Delegate MakeLabels(Func<ImageFindings> current) => (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) =>
    {
        var found = current().Detections;
        var editor = VBufferEditor.Create(ref value, found.Count);
        for (var i = 0; i < found.Count; i++) editor.Values[i] = found[i].Label.AsMemory();
        value = editor.Commit();
    });

    private static Delegate MakeScores(Func<ImageFindings> current) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
    {
        var found = current().Detections;
        var editor = VBufferEditor.Create(ref value, found.Count);
        for (var i = 0; i < found.Count; i++) editor.Values[i] = found[i].Score;
        value = editor.Commit();
    });

    private static Delegate MakeBoxes(Func<ImageFindings> current) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
    {
        var found = current().Detections;
        var editor = VBufferEditor.Create(ref value, 4 * found.Count);
        for (var i = 0; i < found.Count; i++)
        {
            var box = found[i].Box;
            ReadOnlySpan<float> corners = [box.X0, box.Y0, box.X1, box.Y1];
            corners.CopyTo(editor.Values[(4 * i)..]);
        }
        value = editor.Commit();
    });

    private static Delegate MakeDetections(Func<ImageFindings> current) => (ValueGetter<DetectionList>)((ref DetectionList value) => value = current().Detections);

    private static Delegate MakeRegions(Func<ImageFindings> current) => (ValueGetter<RegionList?>)((ref RegionList? value) => value = current().Regions);
}
