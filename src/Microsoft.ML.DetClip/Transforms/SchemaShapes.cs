using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>Between the schema of data and the shape of it that estimators exchange.</summary>
internal static class SchemaShapes
{
    /// <summary>The shape of columns. ML.NET keeps the making of shapes to itself, but tells them to the estimators of a chain.</summary>
    public static SchemaShape Of(IEnumerable<(string Name, DataViewType Type)> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var (name, type) in columns) builder.AddColumn(name, type);
        var listener = new Listener();
        new EstimatorChain<ITransformer>().Append(listener).Fit(new NoRows(builder.ToSchema()));
        return listener.Heard!;
    }

    /// <summary>The named columns of a shape that are there, as a schema.</summary>
    public static DataViewSchema ToSchema(SchemaShape shape, IEnumerable<string> names)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in shape.Where(c => names.Contains(c.Name))) builder.AddColumn(column.Name, ToType(column));
        return builder.ToSchema();
    }

    private static DataViewType ToType(SchemaShape.Column column) => (column.Kind, column.ItemType) switch
    {
        (SchemaShape.Column.VectorKind.Scalar, var type) => type,
        (_, PrimitiveDataViewType item) => new VectorDataViewType(item),
        (_, var type) => type,
    };

    private sealed class Listener : IEstimator<ITransformer>
    {
        public SchemaShape? Heard { get; private set; }

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Heard = inputSchema;
    }

    private sealed class NoRows(DataViewSchema schema) : IDataView
    {
        public bool CanShuffle => true;

        public DataViewSchema Schema => schema;

        public long? GetRowCount() => 0;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => throw new NotSupportedException();

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => throw new NotSupportedException();
    }
}
