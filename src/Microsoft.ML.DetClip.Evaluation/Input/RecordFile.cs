using System.Text.Json;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Reads the lists of records that evaluation starts from, record by record. Every fault names file, place and record.</summary>
/// <param name="path">The file.</param>
/// <param name="what">What it must be, such as "a COCO results file".</param>
internal sealed class RecordFile(string path, string what)
{
    /// <summary>Reads the object that it stands on, to its end.</summary>
    public delegate T Parser<T>(ref JsonFileReader json, in RecordPlace place);

    /// <summary>Reads the list that it stands on.</summary>
    public delegate void ListReader(ref JsonFileReader json);

    /// <summary>Reads a file that is one list.</summary>
    public List<T> ReadList<T>(Parser<T> parse)
    {
        var json = new JsonFileReader(path);
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartArray) throw new InvalidDataException($"'{path}' is not {what}: it does not hold a list.");
            var records = ReadRecords(ref json, "", parse);
            json.Read(); // refuses what follows the list
            return records;
        }
        finally
        {
            json.Dispose();
        }
    }

    /// <summary>Reads a file that is an object of lists; other lists are skipped.</summary>
    public void ReadLists(params (string Name, ListReader Read)[] lists)
    {
        var json = new JsonFileReader(path);
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject) throw Lacks(lists[0].Name);
            var found = new HashSet<string>();
            while (json.NextProperty() is { } name)
            {
                var list = Array.Find(lists, list => list.Name == name);
                if (list.Read is null || json.TokenType != JsonTokenType.StartArray) json.Skip();
                else if (found.Add(name)) list.Read(ref json);
                else throw new InvalidDataException($"'{path}' {TextPosition.Describe(path, json.Offset)}: a second '{name}'.");
            }
            json.Read(); // refuses what follows the object
            foreach (var (name, _) in lists)
                if (!found.Contains(name)) throw Lacks(name);
        }
        finally
        {
            json.Dispose();
        }
    }

    /// <summary>Reads the records of the list that it stands on.</summary>
    public List<T> ReadRecords<T>(ref JsonFileReader json, string list, Parser<T> parse)
    {
        var records = new List<T>();
        while (json.NextElement())
        {
            var place = new RecordPlace(path, list, records.Count, json.Offset);
            if (json.TokenType != JsonTokenType.StartObject) throw place.Fault("not an object.");
            try
            {
                records.Add(parse(ref json, in place));
            }
            catch (InvalidDataException e) when (e.InnerException is not null) // not JSON: the reader knows the place, not the record
            {
                throw new InvalidDataException($"{e.Message} (in {place.Name})", e);
            }
        }
        return records;
    }

    /// <summary>The numbers of the list that it stands on; null, having skipped the value, when that is none.</summary>
    public static double[]? Numbers(ref JsonFileReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) return SkipTo<double[]>(ref json);
        var (buffer, count, valid) = (new double[4], 0, true); // most lists are boxes
        while (json.NextElement())
        {
            var number = json.Number();
            valid &= number is not null;
            if (count == buffer.Length) Array.Resize(ref buffer, 2 * count);
            buffer[count++] = number ?? 0;
        }
        if (!valid) return null;
        Array.Resize(ref buffer, count);
        return buffer;
    }

    /// <summary>The category ids of the list that it stands on; null, having skipped the value, when that is none.</summary>
    public static int[]? CategoryIds(ref JsonFileReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) return SkipTo<int[]>(ref json);
        var (ids, valid) = (new List<int>(), true);
        while (json.NextElement())
        {
            var id = json.Integer();
            valid &= id is >= int.MinValue and <= int.MaxValue;
            if (valid) ids.Add((int)id!.Value);
        }
        return valid ? [.. ids] : null;
    }

    /// <summary>Boxes of the list of lists that it stands on, of four numbers each; null, having skipped the value, when that is none.</summary>
    public static double[][]? Boxes(ref JsonFileReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) return SkipTo<double[][]>(ref json);
        var (boxes, valid) = (new List<double[]>(), true);
        while (json.NextElement())
        {
            var box = Numbers(ref json);
            valid &= box is { Length: 4 } && Array.TrueForAll(box, double.IsFinite);
            if (valid) boxes.Add(box!);
        }
        return valid ? [.. boxes] : null;
    }

    private static T? SkipTo<T>(ref JsonFileReader json) where T : class
    {
        json.Skip();
        return null;
    }

    private InvalidDataException Lacks(string list) => new($"'{path}' is not {what}: it has no list '{list}'.");
}
