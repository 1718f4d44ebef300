using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A drawn world to learn open-vocabulary detection from, with everything that DetCLIPv2's experiments need: three corpora and an evaluation (Yao et al. 2023, section 4).</summary>
/// <remarks>
/// The same options make the same bytes on the same machine. Names are combinations of words ("legged striped red star") or invented ("dax", which a
/// dictionary explains). Frequent names have boxes in the detection corpus, common ones in the grounding corpus alone, rare ones are only spoken of by
/// captions of pairs; composable ones are nowhere, but all their words are in the detection corpus.
/// </remarks>
public static class OpenWorld
{
    /// <summary>Version of what is drawn and written; it stands in openworld.json. Numbers measured on different versions do not compare.</summary>
    public const int Version = 1;

    private const int TokenizerMerges = 510; // ids enough for nano's 1024

    /// <summary>Draws and writes a world.</summary>
    /// <param name="folder">A folder that is not there yet. It gets detection.json (COCO), grounding.jsonl (ODVG), pairs.tar and more-pairs.tar (WebDataset),
    /// evaluation.json and composable.json (LVIS, the same images), the images, definitions.tsv, tokenizer.txt (learned from all texts) and openworld.json,
    /// which says what the world is made of. A corpus or evaluation of no images has no file.</param>
    /// <param name="options">Null for <see cref="OpenWorldOptions.Medium"/>.</param>
    /// <exception cref="ArgumentException">Names every bad setting.</exception>
    /// <exception cref="IOException">There is something at the path already.</exception>
    public static void Generate(string folder, OpenWorldOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options = (options ?? OpenWorldOptions.Medium).Checked();
        var concepts = WorldGrammar.Concepts(options);
        NewFolder.Write(folder, inside => Write(inside, options, concepts));
    }

    private static void Write(string folder, OpenWorldOptions options, IReadOnlyList<WorldConcept> concepts)
    {
        var corpora = new WorldCorpora(folder, options, concepts);
        var images = new DatasetWriteOptions { ImageFolder = folder };
        if (options.DetectionImages > 0) DatasetFormat.Named("coco").Write(Path.Combine(folder, "detection.json"), corpora.Detection(), Categories(concepts, WorldGroup.Frequent), images);
        var captions = new List<string>();
        if (options.GroundingImages > 0) DatasetFormat.Named("odvg").Write(Path.Combine(folder, "grounding.jsonl"), Heard(corpora.Grounding(), captions), [], images);
        if (options.PairImages > 0) WebDatasetShard.Write(Path.Combine(folder, "pairs.tar"), Heard(corpora.Pairs(isMore: false), captions));
        if (options.MorePairImages > 0) WebDatasetShard.Write(Path.Combine(folder, "more-pairs.tar"), Heard(corpora.Pairs(isMore: true), captions));
        if (options.EvaluationImages > 0) WriteEvaluation(folder, corpora.Evaluation(), concepts, images);
        File.WriteAllText(Path.Combine(folder, "definitions.tsv"), string.Concat(concepts.Select(c => $"{c.Name}\t{c.Definition}\n")));
        BytePairLearner.Learn(concepts.Select(c => $"{c.Name}, {c.Definition}").Concat(captions), TokenizerMerges).Save(Path.Combine(folder, "tokenizer.txt"));
        WriteManifest(Path.Combine(folder, "openworld.json"), options, concepts);
    }

    // The samples, once; their captions are added as they pass by.
    private static IEnumerable<DatasetSample> Heard(IEnumerable<DatasetSample> samples, List<string> captions)
    {
        foreach (var sample in samples)
        {
            captions.Add(sample.Caption);
            yield return sample;
        }
    }

    // Everything on an image is boxed, so what is not boxed is absent.
    private static void WriteEvaluation(string folder, IReadOnlyList<DatasetSample> samples, IReadOnlyList<WorldConcept> concepts, DatasetWriteOptions images)
    {
        WriteLvis(Path.Combine(folder, "evaluation.json"), samples, Categories(concepts, WorldGroup.Frequent, WorldGroup.Common, WorldGroup.Rare), images);
        WriteLvis(Path.Combine(folder, "composable.json"), samples, Categories(concepts, WorldGroup.Composable), images);
    }

    private static void WriteLvis(string path, IReadOnlyList<DatasetSample> samples, IReadOnlyList<DatasetCategory> categories, DatasetWriteOptions images)
    {
        var names = categories.Select(category => category.Name).ToHashSet();
        DatasetFormat.Named("lvis").Write(path, samples.Select(sample => Only(sample, names)), categories, images);
    }

    private static DatasetSample Only(DatasetSample sample, HashSet<string> names)
    {
        var kept = sample.Boxes.Zip(sample.Labels).Where(pair => names.Contains(pair.Second)).ToArray();
        return sample with
        {
            Boxes = [.. kept.Select(pair => pair.First)],
            Labels = [.. kept.Select(pair => pair.Second)],
            IsCrowd = new bool[kept.Length],
            AbsentLabels = [.. names.Except(sample.Labels).Order(StringComparer.Ordinal)],
        };
    }

    private static DatasetCategory[] Categories(IReadOnlyList<WorldConcept> concepts, params WorldGroup[] groups) =>
        [.. concepts.Where(c => groups.Contains(c.Group)).Select(c => new DatasetCategory(c.Id, c.Name) { Definition = c.Definition, Frequency = Letter(c.Group) })];

    // LVIS knows three groups; the composable ones have a file of their own.
    private static string Letter(WorldGroup group) => group switch { WorldGroup.Frequent => "f", WorldGroup.Common => "c", _ => "r" };

    private static void WriteManifest(string path, OpenWorldOptions options, IReadOnlyList<WorldConcept> concepts) => JsonOutput.Write(path, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WritePropertyName("options");
        JsonSerializer.Serialize(json, new
        {
            options.Edition, options.Seed, Words = options.Words.ToString(), options.Side, options.MaxObjects, MinRadius = options.Radius.Min, MaxRadius = options.Radius.Max,
            options.MinVisible, options.WrongMentions, options.Looseness, options.InventedNames,
            options.DetectionImages, options.GroundingImages, options.PairImages, options.MorePairImages, options.EvaluationImages,
        });
        json.WriteList("concepts", concepts, concept => JsonSerializer.Serialize(json, new
        {
            concept.Id, concept.Name, concept.Definition, Group = concept.Group.ToString(), Looks = concept.Look.Words, concept.IsInvented,
        }));
        json.WriteEndObject();
    });
}
