using System.Globalization;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>The files of Flickr30k Entities, and predictions in the layout of MDETR's evaluator.</summary>
public static class Flickr30kFiles
{
    /// <summary>Reads the sentences of a subset that have a phrase with boxes.</summary>
    /// <param name="folder">Holds train.txt, val.txt, test.txt with image ids, and the folders Annotations (XML) and Sentences (text).</param>
    /// <param name="subset">"test", "val" or "train".</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message says which and where.</exception>
    public static IReadOnlyList<SentenceTruth> ReadGroundTruth(string folder, string subset = "test")
    {
        var list = Path.Combine(folder, subset + ".txt");
        var sentences = new List<SentenceTruth>();
        var seen = new HashSet<string>();
        foreach (var image in File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            if (!seen.Add(image)) throw new InvalidDataException($"'{list}': image {image} occurs twice.");
            sentences.AddRange(ReadImage(folder, image));
        }
        return sentences;
    }

    /// <summary>Reads predictions: a list of image_id (number or text), sentence_id and boxes, which holds for each phrase a list of boxes [x0, y0, x1, y1], the surest
    /// first.</summary>
    /// <exception cref="InvalidDataException">The file is not that; the message says where.</exception>
    public static IReadOnlyList<SentencePrediction> ReadPredictions(string path) => new RecordFile(path, "a Flickr30k predictions file").ReadList(ReadPrediction);

    private static IEnumerable<SentenceTruth> ReadImage(string folder, string image)
    {
        var boxes = ReadBoxes(Path.Combine(folder, "Annotations", image + ".xml"));
        var path = Path.Combine(folder, "Sentences", image + ".txt");
        var lines = File.ReadAllLines(path);
        var number = 0;
        for (var line = 0; line < lines.Length; line++)
        {
            if (lines[line].Length == 0) continue; // counts for nothing, not even a number
            var phrases = Flickr30kSentence.Parse(lines[line])
                ?? throw new InvalidDataException($"'{path}' line {line + 1}: a phrase does not begin as [/EN#<chain>/<type>.");
            PhraseTruth[] shown = [.. phrases.Where(p => boxes.ContainsKey(p.Chain)).Select(p => new PhraseTruth(p.Text, p.Types, boxes[p.Chain]))];
            if (shown.Length > 0) yield return new(image, number, shown);
            number++;
        }
    }

    private static Dictionary<string, List<GroundingBox>> ReadBoxes(string path)
    {
        var boxes = new Dictionary<string, List<GroundingBox>>();
        var objects = LoadXml(path).Elements("object").ToArray();
        for (var i = 0; i < objects.Length; i++)
        {
            if (objects[i].Element("bndbox") is not { } corners) continue; // a scene, or nothing to see
            int Corner(string name) => int.TryParse(corners.Element(name)?.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new InvalidDataException($"'{path}' object[{i}]: {name} is missing or not an integer.");
            var box = new GroundingBox(Corner("xmin"), Corner("ymin"), Corner("xmax"), Corner("ymax"));
            foreach (var chain in objects[i].Elements("name").Select(name => name.Value))
            {
                if (!boxes.TryGetValue(chain, out var list)) boxes.Add(chain, list = []);
                list.Add(box);
            }
        }
        return boxes;
    }

    private static XElement LoadXml(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return XElement.Load(stream);
        }
        catch (XmlException e)
        {
            throw new InvalidDataException($"'{path}' is not XML, or cut off: {e.Message}", e);
        }
    }

    private static SentencePrediction ReadPrediction(ref JsonFileReader json, in RecordPlace place)
    {
        var (image, sentence, boxes) = ((string?)null, (string?)null, (List<GroundingBox[]>?)null);
        while (json.NextProperty() is { } name)
        {
            if (name == "image_id") image = ReadId(ref json);
            else if (name == "sentence_id") sentence = ReadId(ref json);
            else if (name == "boxes") boxes = ReadPhrases(ref json);
            else json.Skip();
        }
        place.Need(image, "image_id", "a number or text");
        int? number = int.TryParse(sentence, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        return new(image!, place.Need(number, "sentence_id", "a number from 0"), place.Need(boxes, "boxes", "a list, for each phrase, of boxes of four finite numbers"));
    }

    private static string? ReadId(ref JsonFileReader json) =>
        json.TokenType == JsonTokenType.String ? json.Text() : json.Integer()?.ToString(CultureInfo.InvariantCulture);

    private static List<GroundingBox[]>? ReadPhrases(ref JsonFileReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return null;
        }
        var (phrases, valid) = (new List<GroundingBox[]>(), true);
        while (json.NextElement())
        {
            var boxes = RecordFile.Boxes(ref json);
            valid &= boxes is not null;
            phrases.Add(Array.ConvertAll(boxes ?? [], GroundingBox.From));
        }
        return valid ? phrases : null;
    }
}
