using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>Adds detections row by row, as a <see cref="PredictionEngine{TSrc, TDst}"/> asks for them.</summary>
internal sealed class DetectionMapper(OpenVocabularyDetectionTransformer detector, DataViewSchema input) : IRowToRowMapper
{
    private readonly DetectionColumns _columns = new(detector, input);

    public DataViewSchema InputSchema => _columns.InputSchema;

    public DataViewSchema OutputSchema => _columns.Schema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => _columns.DependenciesOf(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new DetectingRow(_columns, input, [.. activeColumns]);

    private sealed class DetectingRow(DetectionColumns columns, DataViewRow input, DataViewSchema.Column[] active) : DataViewRow
    {
        private readonly HashSet<int> _active = [.. active.Select(c => c.Index)];
        private readonly Lazy<OneRow> _detected = new(() => new(columns, input));

        public override DataViewSchema Schema => columns.Schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column)) throw DetectionColumns.NotActive(column);
            if (!columns.IsAdded(column)) return input.GetGetter<TValue>(columns.InInput(column));
            var detected = _detected.Value;
            return columns.MakeGetter(column, () => detected.Current) as ValueGetter<TValue> ?? throw DetectionColumns.OtherType(column, typeof(TValue));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                if (_detected.IsValueCreated) _detected.Value.Dispose();
                input.Dispose();
            }
            base.Dispose(disposing);
        }
    }

    /// <summary>A batch of one: the row that the input is at.</summary>
    private sealed class OneRow : IDisposable
    {
        private readonly DataViewRow _input;
        private readonly RowBuffer _row;
        private readonly DetectionBatch _batch;
        private long _position = long.MinValue;

        public OneRow(DetectionColumns columns, DataViewRow input)
        {
            _input = input;
            _row = new(input, columns.DependenciesOf(columns.Schema.Where(columns.IsAdded)), rows: 1);
            _batch = columns.StartBatch(_row, first: 0, size: 1);
        }

        public ImageFindings Current
        {
            get
            {
                if (_position != _input.Position)
                {
                    _row.Fetch(0);
                    _batch.Start(1);
                    _position = _input.Position;
                }
                return _batch[0];
            }
        }

        public void Dispose()
        {
            _batch.Dispose();
            _row.Dispose();
        }
    }
}
