using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>The classes that each row of a batch asks for.</summary>
/// <param name="rows">The batch.</param>
/// <param name="column">The column of words.</param>
/// <param name="known">What words stand for; null where each is a name alone.</param>
internal sealed class LabelColumn(RowBuffer rows, DataViewSchema.Column column, Vocabulary? known)
{
    /// <summary>What the column may hold, for messages.</summary>
    public const string Allowed = "class names (vector of text)";

    private readonly ColumnBuffer<VBuffer<ReadOnlyMemory<char>>> _labels = (ColumnBuffer<VBuffer<ReadOnlyMemory<char>>>)rows[column.Index];

    /// <summary>True for a vector of text, of a known length or not.</summary>
    public static bool Reads(DataViewType type) => type is VectorDataViewType { ItemType: TextDataViewType };

    /// <summary>The words in a slot and what they stand for; none when the row asks for nothing.</summary>
    /// <exception cref="InvalidDataException">A word is blank, or a class is there twice.</exception>
    public (IReadOnlyList<string> Words, IReadOnlyList<Concept> Concepts) Read(int slot)
    {
        string[] words = [.. _labels[slot].DenseValues().Select(word => word.ToString())];
        var concepts = known?.Choose(words) ?? [.. words.Select(word => new Concept(word))];
        return VocabularyFaults.Of(concepts, "The list") is { } fault ? throw new InvalidDataException($"{rows.Describe(slot, column)}: {fault}.") : (words, concepts);
    }
}
