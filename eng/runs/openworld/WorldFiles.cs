using System.Text.Json;
using Microsoft.ML.DetClip;
using Microsoft.ML.DetClip.Datasets;

namespace OpenWorldRuns;

/// <summary>Where an open world's files are, and what its concepts are.</summary>
internal sealed record WorldFiles(string Folder)
{
    public string Evaluation => Path.Combine(Folder, "evaluation.json");

    public string Composable => Path.Combine(Folder, "composable.json");

    /// <summary>Images of the evaluation with the boxes of all but the composable concepts.</summary>
    public IEnumerable<DatasetSample> Images() => DatasetFormat.Named("lvis").Read(Evaluation, new() { ImageFolder = Folder });

    public IReadOnlyList<WorldConceptRecord> Concepts()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "openworld.json")));
        return [.. json.RootElement.GetProperty("concepts").EnumerateArray().Select(c => new WorldConceptRecord(
            c.GetProperty("Id").GetInt32(), c.GetProperty("Name").GetString()!, c.GetProperty("Definition").GetString()!,
            c.GetProperty("Group").GetString()!, c.GetProperty("IsInvented").GetBoolean(), c.GetProperty("Looks").GetString()!))];
    }
}

/// <summary>A concept as openworld.json has it.</summary>
internal sealed record WorldConceptRecord(int Id, string Name, string Definition, string Group, bool IsInvented, string Looks)
{
    /// <summary>What a detector is asked for.</summary>
    /// <exception cref="ArgumentException">There is no such way to ask.</exception>
    public Concept Ask(string way) => way switch
    {
        "definition" => new(Name, Definition),
        "name" => new(Name),
        "alias" => new(Alias),
        "alias-definition" => new(Alias, Looks),
        _ => throw new ArgumentException($"--ask is '{way}'; allowed: definition, name, alias, alias-definition."),
    };

    // A word that no world has: its own begin with other letters.
    private string Alias
    {
        get
        {
            const string Vowels = "aeiou", Codas = "bdgklmnpst";
            var random = new Random(Id);
            return $"w{Vowels[random.Next(5)]}{Codas[random.Next(10)]}{Vowels[random.Next(5)]}{Codas[Id % 10]}{Vowels[Id / 10 % 5]}{Codas[Id / 50 % 10]}";
        }
    }
}
