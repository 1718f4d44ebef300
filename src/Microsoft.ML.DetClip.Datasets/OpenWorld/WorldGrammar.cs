namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Makes a world's concepts: combinations of words, shared out among the groups. A pure function of the options.</summary>
internal sealed class WorldGrammar
{
    private const double TailOffset = 4, TailPower = 0.8; // weight of the r-th concept of a group: (r + 4)^-0.8
    private readonly OpenWorldOptions _options;
    private readonly WorldWords _words;
    private readonly Random _random;
    private readonly HashSet<string> _names = [];
    private readonly List<WorldConcept> _concepts = [];

    private WorldGrammar(OpenWorldOptions options) => (_options, _words, _random) = (options, WorldWords.Of(options.Words), new(Mixed.Seed(options.Seed, -1)));

    /// <summary>The concepts, group by group.</summary>
    /// <exception cref="ArgumentException">The words do not make as many concepts.</exception>
    public static IReadOnlyList<WorldConcept> Concepts(OpenWorldOptions options)
    {
        var grammar = new WorldGrammar(options);
        grammar.Share();
        return grammar._concepts;
    }

    private void Share()
    {
        var looks = Looks().ToLookup(Novelty);
        var known = Spread([.. looks[null]]);
        Add(WorldGroup.Frequent, known[..Taken(_options.FrequentConcepts, known.Length)]);
        Add(WorldGroup.Common, Turns(looks, WordOrigin.Grounding, _options.CommonConcepts));
        Add(WorldGroup.Rare, Turns(looks, WordOrigin.Pairs, _options.RareConcepts));
        var unused = known[_options.FrequentConcepts..];
        Add(WorldGroup.Composable, unused[..Taken(_options.ComposableConcepts, unused.Length)]);
    }

    private IEnumerable<WorldLook> Looks() =>
        from shape in _words.Words<WorldShape>()
        from surface in _words.Words<WorldSurface>()
        from colour in WorldWords.IsMaterial(surface) ? [WorldColour.Red] : _words.Words<WorldColour>()
        from part in _words.Words<WorldPart>()
        select new WorldLook(shape, colour, surface, part);

    /// <summary>The one word that the detection corpus lacks; null where it has all. Several make a look that is not used: the lookup's key is then the look itself.</summary>
    private object? Novelty(WorldLook look)
    {
        Enum[] words = WorldWords.IsMaterial(look.Surface) ? [look.Shape, look.Surface, look.Part] : [look.Shape, look.Surface, look.Part, look.Colour];
        var unknown = words.Where(word => _words.OriginOf(word) != WordOrigin.Detection).ToArray();
        return unknown.Length switch { 0 => null, 1 => unknown[0], _ => look };
    }

    // One look for each new word in turn, so that each word has as many concepts.
    private WorldLook[] Turns(ILookup<object?, WorldLook> looks, WordOrigin origin, int count)
    {
        var byWord = looks.Where(group => group.Key is Enum word && _words.OriginOf(word) == origin).Select(group => Spread([.. group])).ToArray();
        var turns = Enumerable.Range(0, byWord.Select(group => group.Length).DefaultIfEmpty().Max()).SelectMany(turn => byWord.Where(group => turn < group.Length).Select(group => group[turn])).ToArray();
        return turns[..Taken(count, turns.Length)];
    }

    // In random order, but so that any beginning has all words about equally often.
    private WorldLook[] Spread(WorldLook[] looks)
    {
        _random.Shuffle(looks);
        var left = looks.ToList();
        var (order, uses) = (new List<WorldLook>(), new Dictionary<object, int>());
        while (left.Count > 0)
        {
            var next = left.MinBy(look => Words(look).Sum(word => uses.GetValueOrDefault(word)));
            foreach (var word in Words(next)) uses[word] = uses.GetValueOrDefault(word) + 1;
            left.Remove(next);
            order.Add(next);
        }
        return [.. order];
    }

    private static object[] Words(WorldLook look) => [look.Shape, look.Colour, look.Surface, look.Part];

    private static int Taken(int wanted, int there) => wanted <= there ? wanted
        : throw new ArgumentException($"The words make {there} concepts of a group that shall have {wanted}; take fewer, or more words.", "options");

    private void Add(WorldGroup group, WorldLook[] looks)
    {
        foreach (var (rank, look) in looks.Index())
        {
            var isInvented = _random.NextDouble() < _options.InventedNames;
            var name = isInvented ? InventedName() : look.Words;
            _names.Add(name);
            _concepts.Add(new(_concepts.Count + 1, name, isInvented ? look.Words : WorldDictionary.Explain(look.Shape), look, group, Math.Pow(rank + TailOffset, -TailPower)));
        }
    }

    private string InventedName()
    {
        const string Onsets = "bdfgklmnprstvz", Vowels = "aeiou", Codas = "bdgklmnpst";
        while (true)
        {
            var name = $"{Pick(Onsets)}{Pick(Vowels)}{Pick(Onsets)}{Pick(Vowels)}{Pick(Codas)}";
            if (_names.Add(name)) return name;
        }
    }

    private char Pick(string letters) => letters[_random.Next(letters.Length)];
}
