using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>The rows of an input with detections added, lazily: a cursor reads two batches of rows ahead of its consumer, never more.</summary>
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
}
