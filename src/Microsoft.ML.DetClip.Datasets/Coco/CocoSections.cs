using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads the lists of a COCO file, record by record.</summary>
internal static class CocoSections
{
    /// <summary>Reads one record; the reader stands on the record's opening brace.</summary>
    public delegate void RecordReader(ref JsonFileReader json, int index);

    /// <summary>Reads those lists of the file, in the order they stand there, and passes over all else.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">What kind of COCO file it should be, for the message when it is another.</param>
    /// <param name="problems">Takes what is wrong with records.</param>
    /// <param name="sections">The lists, and what reads a record of each.</param>
    /// <exception cref="InvalidDataException">The file is not JSON, is cut off, or lacks a list.</exception>
    public static void Read(string path, string layout, RecordProblems problems, params (string Name, RecordReader Read)[] sections)
    {
        var json = new JsonFileReader(path);
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject) throw Lacks(path, layout, sections[0].Name);
            var found = new HashSet<string>();
            while (json.NextProperty() is { } name)
            {
                var section = Array.Find(sections, s => s.Name == name);
                if (section.Read is null || json.TokenType != JsonTokenType.StartArray) json.Skip();
                else if (found.Add(name)) ReadRecords(ref json, section.Name, section.Read, problems);
                else throw new InvalidDataException($"'{path}' {TextPosition.Describe(path, json.Offset)}: a second '{name}'.");
            }
            json.Read(); // refuses what follows the object
            foreach (var (name, _) in sections)
                if (!found.Contains(name)) throw Lacks(path, layout, name);
        }
        finally
        {
            json.Dispose();
        }
    }

    /// <summary>How messages call a record: "annotations[17] (id 5)".</summary>
    public static string Name(string section, int index, long? id) => id is null ? $"{section}[{index}]" : $"{section}[{index}] (id {id})";

    private static void ReadRecords(ref JsonFileReader json, string section, RecordReader read, RecordProblems problems)
    {
        for (var index = 0; json.NextElement(); index++)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                read(ref json, index);
                continue;
            }
            problems.Add($"{section}[{index}]", json.Offset, "not an object");
            json.Skip();
        }
    }

    private static InvalidDataException Lacks(string path, string layout, string section) =>
        new($"'{path}' has no list '{section}': it is not a COCO {layout} file (detection, captions and results have layouts of their own).");
}
