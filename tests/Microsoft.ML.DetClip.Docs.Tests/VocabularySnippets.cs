namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>The C# of eng/docs/vocabulary.md, word for word; <see cref="VocabularyPageTests"/> compares and runs it.</summary>
internal static class VocabularySnippets
{
    public static OpenVocabularyDetectionTransformer Names(OpenVocabularyDetectionTransformer detector)
    {
        Vocabulary animals = ["dog", "zebra"];
        var looking = detector.WithVocabulary(animals);
        return looking;
    }

    public static (Vocabulary Street, OpenVocabularyDetectionTransformer German) Concepts(OpenVocabularyDetectionTransformer detector)
    {
        Vocabulary street =
        [
            "vehicle",
            new("car", "a motor vehicle with four wheels")
            {
                Synonyms = ["automobile"],
                Negatives = ["toy car"],
                Parent = "vehicle",
                Threshold = 0.3f,
                Aliases = new Dictionary<string, IReadOnlyList<string>> { ["de"] = ["Auto", "Wagen"] },
            },
            new("traffic light") { Aliases = new Dictionary<string, IReadOnlyList<string>> { ["de"] = ["Ampel"] } },
        ];
        street.Save("street.json");
        var german = detector.WithOptions(detector.Options with { Labels = Vocabulary.Load("street.json"), LabelCulture = "de" });
        return (street, german);
    }

    public static void Check(Vocabulary street, OpenVocabularyDetectionTransformer detector)
    {
        foreach (var warning in street.Check(detector)) Console.WriteLine($"{warning.Kind}: {warning.Message}");
    }
}
