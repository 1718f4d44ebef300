using System.Numerics.Tensors;

namespace Microsoft.ML.DetClip;

/// <summary>What to look for, encoded.</summary>
/// <remarks>K concepts, S sentences, P phrases, D embedding width; for names without relatives K = S = P.</remarks>
internal sealed class EncodedVocabulary
{
    /// <param name="plan">The concepts and their phrases.</param>
    /// <param name="sentences">What the text encoder made of the plan's sentences, [S, D], row by row.</param>
    /// <param name="labels">What detections are called, [K]; null for the names.</param>
    public EncodedVocabulary(PhrasePlan plan, float[] sentences, IReadOnlyList<string>? labels = null)
    {
        (Plan, SentenceEmbeddings) = (plan, sentences);
        Groups = NumberGroups(plan.Concepts);
        Labels = labels ?? [.. plan.Concepts.Select(c => c.Name)];
        Embeddings = plan.SentencesOfPhrases.Index().All(p => p.Item is [var only] && only == p.Index) ? sentences : Combine(plan, sentences);
    }

    /// <summary>Nothing to look for.</summary>
    public static EncodedVocabulary Empty { get; } = new(new PhrasePlan([]), []);

    public PhrasePlan Plan { get; }

    public IReadOnlyList<Concept> Concepts => Plan.Concepts;

    /// <summary>What detections of each concept are called; [K].</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>A number for each concept, the same for those of one <see cref="Concept.Group"/>, [K].</summary>
    public int[] Groups { get; }

    /// <summary>[S, D]</summary>
    public float[] SentenceEmbeddings { get; }

    /// <summary>The rows of the image graph's input, [P, D].</summary>
    public float[] Embeddings { get; }

    /// <summary>The same concepts with the offsets of their sentences.</summary>
    public EncodedVocabulary With(EmbeddingDelta delta) => new(Plan, delta.AddTo(Plan.Sentences, SentenceEmbeddings), Labels);

    private static int[] NumberGroups(IReadOnlyList<Concept> concepts)
    {
        var first = new Dictionary<string, int>();
        return [.. concepts.Select((c, k) => string.IsNullOrWhiteSpace(c.Group) ? k : first.TryAdd(WordForms.Fold(c.Group), k) ? k : first[WordForms.Fold(c.Group)])];
    }

    private static float[] Combine(PhrasePlan plan, float[] sentences)
    {
        var width = sentences.Length / plan.Sentences.Count;
        var phrases = new float[plan.PhraseCount * width]; // [P, D]
        for (var p = 0; p < plan.PhraseCount; p++)
            WriteMean([.. plan.SentencesOfPhrases[p].Select(s => sentences.AsMemory(s * width, width))], phrases.AsSpan(p * width, width));
        return phrases;
    }

    // A mean of directions is shorter than they are, which the product with a region would take for less likeness.
    private static void WriteMean(ReadOnlyMemory<float>[] rows, Span<float> mean)
    {
        rows[0].Span.CopyTo(mean);
        if (rows.Length == 1) return;
        foreach (var row in rows[1..]) TensorPrimitives.Add(mean, row.Span, mean);
        var (length, wanted) = (TensorPrimitives.Norm<float>(mean), rows.Average(row => TensorPrimitives.Norm(row.Span)));
        if (length > 0) TensorPrimitives.Multiply(mean, wanted / length, mean);
    }
}
