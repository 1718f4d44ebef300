using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>Some columns of the rows of a batch, read while the input is at each row.</summary>
internal sealed class RowBuffer(DataViewRow input, IEnumerable<DataViewSchema.Column> columns, int rows) : IDisposable
{
    private readonly Dictionary<int, ColumnBuffer> _columns = columns.DistinctBy(c => c.Index).ToDictionary(c => c.Index, c => ColumnBuffer.Create(input, c, rows));
    private readonly ValueGetter<DataViewRowId> _idGetter = input.GetIdGetter();
    private readonly DataViewRowId[] _ids = new DataViewRowId[rows];
    private readonly long[] _positions = new long[rows];
    private readonly long[] _batches = new long[rows];

    /// <summary>The most rows it holds.</summary>
    public int Rows => rows;

    /// <summary>Reads the row that the input is at into a slot.</summary>
    public void Fetch(int slot)
    {
        foreach (var column in _columns.Values) column.Fetch(slot);
        _idGetter(ref _ids[slot]);
        (_positions[slot], _batches[slot]) = (input.Position, input.Batch);
    }

    public DataViewRowId Id(int slot) => _ids[slot];

    /// <summary>Where a value came from, for messages.</summary>
    public string Describe(int slot, DataViewSchema.Column column) => $"column '{column.Name}', row {_positions[slot]}";

    public long Batch(int slot) => _batches[slot];

    /// <summary>The values of a column by its index in the input.</summary>
    public ColumnBuffer this[int column] => _columns[column];

    public void Dispose()
    {
        foreach (var column in _columns.Values) column.Dispose();
    }
}
