namespace Microsoft.ML.DetClip;

/// <summary>Which sentences a list of concepts makes the text encoder read, and which columns of the image graph's scores belong to which concept.</summary>
/// <remarks>K concepts, S sentences, P phrases: rows of the image graph's input and columns of its scores.</remarks>
internal sealed class PhrasePlan
{
    private readonly Dictionary<string, int> _sentences = [];
    private readonly Dictionary<string, Concept> _given = [];
    private readonly Dictionary<string, int> _phrases = [];
    private readonly List<int[]> _sentencesOfPhrases = [];

    public PhrasePlan(IReadOnlyList<Concept> concepts)
    {
        Concepts = concepts;
        Own = [.. concepts.Select(OwnPhrases)];
        var places = new Dictionary<string, int>();
        for (var k = 0; k < concepts.Count; k++) places.TryAdd(WordForms.Fold(concepts[k].Name), k);
        Negatives = [.. concepts.Select(concept => NegativePhrases(concept, places))];
        Parents = [.. concepts.Select(c => c.Parent is null ? -1 : places[WordForms.Fold(c.Parent)])];
        Sentences = [.. _sentences.Keys];
        BottomUp = FindBottomUp();
        IsPlain = PhraseCount == concepts.Count && BottomUp.Length == 0 && Enumerable.Range(0, concepts.Count).All(IsAlone);
    }

    public IReadOnlyList<Concept> Concepts { get; }

    /// <summary>What the text encoder reads, each sentence once, and what stands for the concepts that bring an embedding; [S].</summary>
    public IReadOnlyList<string> Sentences { get; }

    /// <summary>The concepts that bring an embedding, by what stands for them among the sentences.</summary>
    public IReadOnlyDictionary<string, Concept> Given => _given;

    /// <summary>The sentences whose mean each phrase is; [P].</summary>
    public IReadOnlyList<int[]> SentencesOfPhrases => _sentencesOfPhrases;

    /// <summary>P.</summary>
    public int PhraseCount => _sentencesOfPhrases.Count;

    /// <summary>Phrases that speak for each concept; [K].</summary>
    public int[][] Own { get; }

    /// <summary>Phrases that speak against each concept; [K].</summary>
    public int[][] Negatives { get; }

    /// <summary>Index of each concept's parent, −1 for none; [K].</summary>
    public int[] Parents { get; }

    /// <summary>The concepts with a parent or children, each after all of its descendants.</summary>
    public int[] BottomUp { get; }

    /// <summary>Whether the graph's scores are those of the concepts as they are.</summary>
    public bool IsPlain { get; }

    /// <summary>The sentence of a concept's name; what stands for it, which no text is, where it brings an embedding.</summary>
    public static string KeyOf(Concept concept) => concept.Embedding is null ? concept.Sentence : $"\0{concept.Name}";

    /// <summary>Whether a concept is an ancestor of another.</summary>
    public bool IsAncestor(int ancestor, int concept)
    {
        for (var above = Parents[concept]; above >= 0; above = Parents[above])
            if (above == ancestor) return true;
        return false;
    }

    private bool IsAlone(int concept) => Own[concept] is [var only] && only == concept && Negatives[concept].Length == 0 && Concepts[concept].Threshold is null;

    private int[] OwnPhrases(Concept concept)
    {
        if (concept.Embedding is null)
            return concept.Combination == PhraseCombination.MeanEmbedding
                ? [PhraseOf([.. concept.Sentences.Distinct()])]
                : [.. concept.Sentences.Distinct().Select(sentence => PhraseOf([sentence]))];
        _given[KeyOf(concept)] = concept;
        return [PhraseOf([KeyOf(concept)])];
    }

    private int[] NegativePhrases(Concept concept, Dictionary<string, int> places) =>
        [.. concept.Negatives.SelectMany(n => places.TryGetValue(WordForms.Fold(n), out var other) ? Own[other] : [PhraseOf([n])]).Distinct()];

    private int PhraseOf(string[] sentences)
    {
        var key = string.Join('\n', sentences);
        if (_phrases.TryGetValue(key, out var phrase)) return phrase;
        _sentencesOfPhrases.Add([.. sentences.Select(SentenceIndex)]);
        return _phrases[key] = _sentencesOfPhrases.Count - 1;
    }

    private int SentenceIndex(string sentence)
    {
        _sentences.TryAdd(sentence, _sentences.Count);
        return _sentences[sentence];
    }

    private int[] FindBottomUp()
    {
        var related = Parents.Where(p => p >= 0).Concat(Enumerable.Range(0, Parents.Length).Where(k => Parents[k] >= 0)).Distinct();
        return [.. related.OrderByDescending(Depth).ThenBy(k => k)];
    }

    private int Depth(int concept)
    {
        var depth = 0;
        for (var above = Parents[concept]; above >= 0; above = Parents[above]) depth++;
        return depth;
    }
}
