using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>The classes that each row of a batch asks for.</summary>
internal sealed class LabelColumn(RowBuffer rows, DataViewSchema.Column column)
{
    /// <summary>What the column may hold, for messages.</summary>
    public const string Allowed = "class names (vector of text)";

    private readonly ColumnBuffer<VBuffer<ReadOnlyMemory<char>>> _labels = (ColumnBuffer<VBuffer<ReadOnlyMemory<char>>>)rows[column.Index];

    /// <summary>True for a vector of text, of a known length or not.</summary>
    public static bool Reads(DataViewType type) => type is VectorDataViewType { ItemType: TextDataViewType };

    /// <summary>The classes in a slot; none when the row asks for nothing.</summary>
    /// <exception cref="InvalidDataException">A name is blank or there twice.</exception>
    public IReadOnlyList<Concept> Read(int slot)
    {
        Concept[] labels = [.. _labels[slot].DenseValues().Select(name => new Concept(name.ToString()))];
        return Vocabulary.FaultOf(labels, "The list") is { } fault ? throw new InvalidDataException($"{rows.Describe(slot, column)}: {fault}.") : labels;
    }
}
