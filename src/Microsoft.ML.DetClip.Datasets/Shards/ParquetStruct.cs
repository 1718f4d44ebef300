namespace Microsoft.ML.DetClip.Datasets;

/// <summary>The structs of a Parquet footer by the kinds of their fields, from parquet-format's parquet.thrift. Fields that are not here may be anything.</summary>
internal sealed record ParquetStruct(string Name, IReadOnlyDictionary<int, ParquetField> Fields)
{
    private static readonly ParquetStruct Empty = Of("an empty struct");
    private static readonly ParquetStruct KeyValue = Of("KeyValue", (1, Binary), (2, Binary));
    private static readonly ParquetStruct Statistics = Of("Statistics", (1, Binary), (2, Binary), (3, Integer), (4, Integer), (5, Binary), (6, Binary), (7, Boolean), (8, Boolean));
    private static readonly ParquetStruct SizeStatistics = Of("SizeStatistics", (1, Integer), (2, ListOf(Integer)), (3, ListOf(Integer)));
    private static readonly ParquetStruct PageEncodings = Of("PageEncodingStats", (1, Integer), (2, Integer), (3, Integer));

    private static readonly ParquetStruct Column = Of("ColumnMetaData", (1, Integer), (2, ListOf(Integer)), (3, ListOf(Binary)), (4, Integer), (5, Integer), (6, Integer), (7, Integer),
        (8, ListOf(Struct(KeyValue))), (9, Integer), (10, Integer), (11, Integer), (12, Struct(Statistics)), (13, ListOf(Struct(PageEncodings))), (14, Integer), (15, Integer), (16, Struct(SizeStatistics)));

    private static readonly ParquetStruct ColumnChunk = Of("ColumnChunk", (1, Binary), (2, Integer), (3, Struct(Column)), (4, Integer), (5, Integer), (6, Integer), (7, Integer), (8, Struct(Empty)), (9, Binary));
    private static readonly ParquetStruct SortingColumn = Of("SortingColumn", (1, Integer), (2, Boolean), (3, Boolean));

    private static readonly ParquetStruct RowGroup = Of("RowGroup", (1, ListOf(Struct(ColumnChunk))), (2, Integer), (3, Integer), (4, ListOf(Struct(SortingColumn))), (5, Integer), (6, Integer), (7, Integer));

    private static readonly ParquetStruct TimeUnit = Of("TimeUnit", (1, Struct(Empty)), (2, Struct(Empty)), (3, Struct(Empty)));
    private static readonly ParquetStruct Time = Of("TimeType", (1, Boolean), (2, Struct(TimeUnit)));

    private static readonly ParquetStruct LogicalType = Of("LogicalType", (1, Struct(Empty)), (2, Struct(Empty)), (3, Struct(Empty)), (4, Struct(Empty)), (5, Struct(Of("DecimalType", (1, Integer), (2, Integer)))),
        (6, Struct(Empty)), (7, Struct(Time)), (8, Struct(Time)), (10, Struct(Of("IntType", (1, Byte), (2, Boolean)))), (11, Struct(Empty)), (12, Struct(Empty)), (13, Struct(Empty)), (14, Struct(Empty)), (15, Struct(Empty)),
        (16, Struct(Of("VariantType", (1, Byte)))), (17, Struct(Of("GeometryType", (1, Binary)))), (18, Struct(Of("GeographyType", (1, Binary), (2, Integer)))));

    private static readonly ParquetStruct SchemaElement = Of("SchemaElement", (1, Integer), (2, Integer), (3, Integer), (4, Binary), (5, Integer), (6, Integer), (7, Integer), (8, Integer), (9, Integer), (10, Struct(LogicalType)));

    /// <summary>The footer itself.</summary>
    public static ParquetStruct FileMetaData { get; } = Of("FileMetaData", (1, Integer), (2, ListOf(Struct(SchemaElement))), (3, Integer), (4, ListOf(Struct(RowGroup))), (5, ListOf(Struct(KeyValue))),
        (6, Binary), (7, ListOf(Struct(Of("ColumnOrder", (1, Struct(Empty)))))), (9, Binary));

    private static ParquetField Boolean => new(ThriftKind.Boolean);

    private static ParquetField Byte => new(ThriftKind.Byte);

    private static ParquetField Integer => new(ThriftKind.Integer);

    private static ParquetField Binary => new(ThriftKind.Binary);

    private static ParquetField Struct(ParquetStruct of) => new(ThriftKind.Struct, of);

    private static ParquetField ListOf(ParquetField item) => new(ThriftKind.List, null, item);

    private static ParquetStruct Of(string name, params (int Id, ParquetField Field)[] fields) => new(name, fields.ToDictionary(f => f.Id, f => f.Field));
}

/// <summary>What stands in a field.</summary>
internal sealed record ParquetField(ThriftKind Kind, ParquetStruct? Struct = null, ParquetField? Item = null);

/// <summary>Kinds of values in Thrift's compact protocol that are read in the same way.</summary>
internal enum ThriftKind
{
    /// <summary>In a field's type; a byte in a list.</summary>
    Boolean,

    /// <summary>One byte.</summary>
    Byte,

    /// <summary>16, 32 or 64 bits as a variable number of bytes.</summary>
    Integer,

    /// <summary>Eight bytes.</summary>
    Double,

    /// <summary>A length and that many bytes.</summary>
    Binary,

    /// <summary>A number of elements and a type.</summary>
    List,

    /// <summary>A number of pairs and their types.</summary>
    Map,

    /// <summary>Fields up to a zero.</summary>
    Struct,
}
