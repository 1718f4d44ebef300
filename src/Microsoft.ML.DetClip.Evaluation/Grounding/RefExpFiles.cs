namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Referring expressions in MDETR's layout (finetune_refcoco_*.json), and predictions.</summary>
public static class RefExpFiles
{
    /// <summary>Reads expressions: an object with images (id, dataset_name) and annotations (image_id, bbox [x, y, width, height]), one for each image; the rest is
    /// skipped.</summary>
    /// <exception cref="InvalidDataException">The file is not that; the message says where.</exception>
    public static IReadOnlyList<ReferringExpression> ReadGroundTruth(string path)
    {
        List<(long Id, string Dataset)> images = [];
        List<(long Image, GroundingBox Box)> boxes = [];
        var file = new RecordFile(path, "a file of referring expressions");
        file.ReadLists(
            ("images", (ref json) => images = file.ReadRecords(ref json, "images", ReadImage)),
            ("annotations", (ref json) => boxes = file.ReadRecords(ref json, "annotations", ReadBox)));
        return Join(images, boxes.ToLookup(box => box.Image, box => box.Box), path);
    }

    /// <summary>Reads predictions: a list of image_id, boxes [x0, y0, x1, y1] and scores.</summary>
    /// <exception cref="InvalidDataException">The file is not that; the message says where.</exception>
    public static IReadOnlyList<ReferringPrediction> ReadPredictions(string path) =>
        new RecordFile(path, "a file of predictions for referring expressions").ReadList(ReadPrediction);

    private static List<ReferringExpression> Join(List<(long Id, string Dataset)> images, ILookup<long, GroundingBox> boxes, string path)
    {
        var seen = new HashSet<long>();
        var expressions = new List<ReferringExpression>(images.Count);
        foreach (var (id, dataset) in images)
        {
            if (!seen.Add(id)) throw new InvalidDataException($"'{path}': the image id {id} occurs twice.");
            var count = boxes[id].Count();
            if (count != 1) throw new InvalidDataException($"'{path}': image {id} has {count} annotations; it must have one, the object referred to.");
            expressions.Add(new(id, dataset, boxes[id].Single()));
        }
        return expressions;
    }

    private static (long Id, string Dataset) ReadImage(ref JsonFileReader json, in RecordPlace place)
    {
        var (id, dataset) = ((long?)null, (string?)null);
        while (json.NextProperty() is { } name)
        {
            if (name == "id") id = json.Integer();
            else if (name == "dataset_name") dataset = json.Text();
            else json.Skip();
        }
        return (place.Need(id, "id", "an integer"), place.Need(dataset, "dataset_name", "a text"));
    }

    private static (long Image, GroundingBox Box) ReadBox(ref JsonFileReader json, in RecordPlace place)
    {
        var (image, box) = ((long?)null, (double[]?)null);
        while (json.NextProperty() is { } name)
        {
            if (name == "image_id") image = json.Integer();
            else if (name == "bbox") box = RecordFile.Numbers(ref json);
            else json.Skip();
        }
        var (x, y, width, height) = place.NeedBox(box, "bbox", "x, y, width, height");
        return (place.Need(image, "image_id", "an integer"), new(x, y, width + x, height + y));
    }

    private static ReferringPrediction ReadPrediction(ref JsonFileReader json, in RecordPlace place)
    {
        var (image, boxes, scores) = ((long?)null, (double[][]?)null, (double[]?)null);
        while (json.NextProperty() is { } name)
        {
            if (name == "image_id") image = json.Integer();
            else if (name == "boxes") boxes = RecordFile.Boxes(ref json);
            else if (name == "scores") scores = RecordFile.Numbers(ref json);
            else json.Skip();
        }
        return new(
            place.Need(image, "image_id", "an integer"),
            Array.ConvertAll(place.Need(boxes, "boxes", "a list of boxes of four finite numbers [x0, y0, x1, y1]"), GroundingBox.From),
            place.Need(scores, "scores", "a list of numbers"));
    }
}
