namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>LVIS's annotation file. Results have COCO's layout: <see cref="CocoFiles.ReadResults"/>.</summary>
public static class LvisFiles
{
    /// <summary>Reads annotations: an object with images (id, neg_category_ids, not_exhaustive_category_ids), annotations (id, image_id, category_id, bbox, area,
    /// ignore) and categories (id, name, frequency); the rest is skipped.</summary>
    /// <exception cref="InvalidDataException">The file is not that; the message says where.</exception>
    public static LvisGroundTruth ReadGroundTruth(string path)
    {
        List<LvisImage> images = [];
        List<LvisCategory> categories = [];
        List<GroundTruthBox> boxes = [];
        var file = new RecordFile(path, "an LVIS annotation file");
        file.ReadLists(
            ("images", (ref json) => images = file.ReadRecords(ref json, "images", ReadImage)),
            ("annotations", (ref json) => boxes = file.ReadRecords(ref json, "annotations", CocoFiles.ReadBox)),
            ("categories", (ref json) => categories = file.ReadRecords(ref json, "categories", ReadCategory)));
        return new() { Images = images, Categories = categories, Boxes = boxes };
    }

    private static LvisImage ReadImage(ref JsonFileReader json, in RecordPlace place)
    {
        var (id, absent, partly) = ((long?)null, (int[]?)null, (int[]?)null);
        while (json.NextProperty() is { } name)
        {
            if (name == "id") id = json.Integer();
            else if (name == "neg_category_ids") absent = RecordFile.CategoryIds(ref json);
            else if (name == "not_exhaustive_category_ids") partly = RecordFile.CategoryIds(ref json);
            else json.Skip();
        }
        return new(
            place.Need(id, "id", "an integer"), place.Need(absent, "neg_category_ids", "a list of integers"),
            place.Need(partly, "not_exhaustive_category_ids", "a list of integers"));
    }

    private static LvisCategory ReadCategory(ref JsonFileReader json, in RecordPlace place)
    {
        var (id, text, frequency) = ((long?)null, (string?)null, (string?)null);
        while (json.NextProperty() is { } name)
        {
            if (name == "id") id = json.Integer();
            else if (name == "name") text = json.Text();
            else if (name == "frequency") frequency = json.Text();
            else json.Skip();
        }
        return new(place.NeedCategory(id, "id"), text ?? $"category {id}", place.Need(FrequencyOf(frequency), "frequency", "'r', 'c' or 'f'"));
    }

    private static LvisFrequency? FrequencyOf(string? letter) => letter switch
    {
        "r" => LvisFrequency.Rare,
        "c" => LvisFrequency.Common,
        "f" => LvisFrequency.Frequent,
        _ => null,
    };
}
