using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>Rows with their detections. While the network is at one batch, the next is read and decoded in the background; two batches lie in one buffer.</summary>
internal sealed class DetectingCursor : DataViewRowCursor
{
    private readonly DetectionColumns _columns;
    private readonly DataViewRowCursor _source;
    private readonly HashSet<int> _active;
    private readonly RowBuffer _rows;
    private RowBatch _batch;
    private RowBatch _next;
    private int _index = -1;
    private long _position = -1;
    private bool _ended;

    public DetectingCursor(DetectionColumns columns, DataViewRowCursor source, IEnumerable<DataViewSchema.Column> needed)
    {
        (_columns, _source) = (columns, source);
        _active = [.. needed.Select(c => c.Index)];
        _rows = new(source, columns.DependenciesOf(needed), 2 * columns.BatchSize);
        _batch = NewBatch(first: columns.BatchSize);
        _next = NewBatch(first: 0);
    }

    public override DataViewSchema Schema => _columns.Schema;

    public override long Position => _position;

    public override long Batch => _position < 0 ? 0 : _rows.Batch(_batch.First + _index);

    // ML.NET's mappers hand a lone cursor to background threads that read ahead by hundreds of rows, unless a column that is neither a number
    // nor a vector is active. So the column of detections always is, wanted or not; nothing is made of it unless it is read.
    // That holds for the first mapper behind; a second one sees only the columns that it asked for.
    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index) || _columns.IsDetections(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _rows.Id(Slot());

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column)) throw DetectionColumns.NotActive(column);
        var getter = _columns.IsAdded(column) ? _columns.MakeGetter(column, Find) : _rows[column.Index].MakeGetter(Slot);
        return getter as ValueGetter<TValue> ?? throw DetectionColumns.OtherType(column, typeof(TValue));
    }

    public override bool MoveNext()
    {
        if (_ended) return false;
        if (++_index >= _batch.Count && _batch.Failure is null) TurnToNext();
        if (_index < _batch.Count)
        {
            _position++;
            return true;
        }
        (_ended, _position) = (true, -1);
        _batch.Failure?.Throw();
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _next.Dispose();
            _batch.Dispose();
            _rows.Dispose();
            _source.Dispose();
        }
        _ended = true;
        _position = -1;
        base.Dispose(disposing);
    }

    private RowBatch NewBatch(int first) => new(_source, _rows, first, _columns.BatchSize, _columns.StartBatch(_rows, first, _columns.BatchSize));

    private void TurnToNext()
    {
        _next.Read();
        (_batch, _next, _index) = (_next, _batch, 0);
    }

    private ImageFindings Find()
    {
        var slot = Slot();
        if (_batch.Found.IsPending && _batch.Failure is null) _next.StartReading();
        return _batch.Found[slot - _batch.First];
    }

    private int Slot() => _position >= 0 ? _batch.First + _index : throw new InvalidOperationException("The cursor is at no row: call MoveNext first.");
}
