using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>The C# of eng/docs/detecting.md, word for word; <see cref="DetectingPageTests"/> compares and runs it.</summary>
internal static class DetectingSnippets
{
    public static void Select(OpenVocabularyDetectionTransformer detector)
    {
        using var strict = detector.WithOptions(detector.Options with
        {
            ScoreThreshold = 0,                // 0 to 1; there is no other floor
            NmsKind = NmsKind.SoftGaussian,    // Hard (default), SoftLinear, SoftGaussian
            NmsScope = NmsScope.Group,         // Class (default), Group, All
            MinSize = 8,                       // pixels of the original image, each side
            MaxDetections = 300,
        });
        using var cars = strict.WithVocabulary([new Concept("car") { Group = "car" }, new Concept("automobile") { Group = "car" }, "person"]);
    }

    public static void Batch(OpenVocabularyDetectionTransformer detector)
    {
        using var batched = detector.WithOptions(detector.Options with { BatchSize = 0, Runtime = detector.Options.Runtime with { MemoryBudget = 1L << 30 } });
    }

    public static void OneCanvas(OpenVocabularyDetectionTransformer detector)
    {
        using var square = detector.WithOptions(detector.Options with { Runtime = detector.Options.Runtime with { CanvasMultiple = detector.Manifest.LongSide } });
    }

    public static void Tile(OpenVocabularyDetectionTransformer detector)
    {
        using var tiled = detector.WithOptions(detector.Options with { Tiles = new() { Size = 640, Overlap = 0.2 } });
    }

    public static DetectionList AskLater(OpenVocabularyDetectionTransformer detector, IDataView photos)
    {
        using var indexer = detector.WithOptions(detector.Options with { RegionsColumnName = "Regions", Labels = [] });
        var photo = indexer.Transform(photos).GetColumn<RegionList>("Regions").First();
        photo.Save("photo.regions");
        var found = indexer.Requery(RegionList.Load("photo.regions"), ["red star", "blue ring"]);
        return found;
    }

    public static Concept FromExamples(OpenVocabularyDetectionTransformer detector, MLImage image, Box box)
    {
        var mug = detector.ConceptFromExamples("my mug", [(image, box)], textWeight: 0.5);
        using var finder = detector.WithVocabulary([mug, "red star"]);
        return mug;
    }

    public static string Explain(OpenVocabularyDetectionTransformer detector, MLImage image)
    {
        var why = detector.Explain(image, "mug");
        var text = why.ToString();
        return text;
    }

    public static void Draw(MLImage image, DetectionList found)
    {
        DetectionDrawing.SavePng(image, found, "found.png");
    }
}
