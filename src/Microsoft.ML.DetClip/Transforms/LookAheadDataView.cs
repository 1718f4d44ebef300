using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>The rows of an input with detections added, lazily: a cursor reads a batch of rows ahead of its consumer, never more.</summary>
internal sealed class LookAheadDataView(OpenVocabularyDetectionTransformer detector, IDataView input) : IDataView
{
    private readonly DetectionColumns _columns = new(detector, input.Schema);

    public DataViewSchema Schema => _columns.Schema;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        var source = input.GetRowCursor(_columns.DependenciesOf(needed), rand);
        return needed.Any(_columns.IsAdded) ? new DetectingCursor(_columns, source, needed) : new PassingCursor(_columns, source);
    }

    // One cursor, whatever was asked for: the work inside a batch is parallel already.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Only columns of the input are wanted: nothing is run.</summary>
    private sealed class PassingCursor(DetectionColumns columns, DataViewRowCursor source) : DataViewRowCursor
    {
        public override DataViewSchema Schema => columns.Schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => !columns.IsAdded(column) && source.IsColumnActive(columns.InInput(column));

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            IsColumnActive(column) ? source.GetGetter<TValue>(columns.InInput(column)) : throw DetectionColumns.NotActive(column);

        public override bool MoveNext() => source.MoveNext();

        protected override void Dispose(bool disposing)
        {
            if (disposing) source.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class DetectingCursor : DataViewRowCursor
    {
        private readonly DetectionColumns _columns;
        private readonly DataViewRowCursor _source;
        private readonly HashSet<int> _active;
        private readonly RowBuffer _rows;
        private readonly DetectionBatch _batch;
        private ExceptionDispatchInfo? _failure;
        private int _count;
        private int _slot = -1;
        private long _position = -1;
        private bool _ended;

        public DetectingCursor(DetectionColumns columns, DataViewRowCursor source, IEnumerable<DataViewSchema.Column> needed)
        {
            (_columns, _source) = (columns, source);
            _active = [.. needed.Select(c => c.Index)];
            _rows = new(source, columns.DependenciesOf(needed), columns.BatchSize);
            _batch = columns.StartBatch(_rows);
        }

        public override DataViewSchema Schema => _columns.Schema;

        public override long Position => _position;

        public override long Batch => _position < 0 ? 0 : _rows.Batch(_slot);

        // ML.NET's mappers hand a lone cursor to background threads that read ahead by hundreds of rows, unless a column that is neither a number
        // nor a vector is active. So the column of detections always is, wanted or not; nothing is made of it unless it is read.
        // That holds for the first mapper behind; a second one sees only the columns that it asked for.
        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index) || _columns.IsDetections(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _rows.Id(Current());

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column)) throw DetectionColumns.NotActive(column);
            var getter = _columns.IsAdded(column) ? _columns.MakeGetter(column, () => _batch[Current()]) : _rows[column.Index].MakeGetter(Current);
            return getter as ValueGetter<TValue> ?? throw DetectionColumns.OtherType(column, typeof(TValue));
        }

        public override bool MoveNext()
        {
            if (_ended) return false;
            if (++_slot >= _count) ReadAhead();
            if (_slot < _count)
            {
                _position++;
                return true;
            }
            (_ended, _position) = (true, -1);
            _failure?.Throw();
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _rows.Dispose();
                _source.Dispose();
            }
            _ended = true;
            _position = -1;
            base.Dispose(disposing);
        }

        // When the input fails at a row, the rows before it are served first.
        private void ReadAhead()
        {
            (_slot, _count) = (0, 0);
            if (_failure is not null) return;
            try
            {
                for (; _count < _rows.Rows && _source.MoveNext(); _count++) _rows.Fetch(_count);
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }
            _batch.Start(_count);
        }

        private int Current() => _position >= 0 ? _slot : throw new InvalidOperationException("The cursor is at no row: call MoveNext first.");
    }
}
