using System.Text.Json;
using Microsoft.ML.DetClip;

namespace OpenWorldRuns;

/// <summary>Where an open world's files are, and what its concepts are.</summary>
internal sealed record WorldFiles(string Folder)
{
    public string Evaluation => Path.Combine(Folder, "evaluation.json");

    public string Composable => Path.Combine(Folder, "composable.json");

    public IReadOnlyList<WorldConceptRecord> Concepts()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "openworld.json")));
        return [.. json.RootElement.GetProperty("concepts").EnumerateArray().Select(c => new WorldConceptRecord(
            c.GetProperty("Id").GetInt32(), c.GetProperty("Name").GetString()!, c.GetProperty("Definition").GetString()!,
            c.GetProperty("Group").GetString()!, c.GetProperty("IsInvented").GetBoolean()))];
    }
}

/// <summary>A concept as openworld.json has it.</summary>
internal sealed record WorldConceptRecord(int Id, string Name, string Definition, string Group, bool IsInvented)
{
    /// <summary>What a detector is asked for.</summary>
    public Concept ToConcept(bool isDefined) => isDefined ? new(Name, Definition) : new(Name);
}
