using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Writes COCO's detection layout, and LVIS's, which has lists of absent categories and definitions besides, but no crowds.</summary>
internal sealed class CocoFile(Utf8JsonWriter json, WriteJob job, bool isLvis)
{
    private long _annotation;

    public static void WriteCoco(WriteJob job) => Write(job, isLvis: false);

    public static void WriteLvis(WriteJob job) => Write(job, isLvis: true);

    /// <summary>COCO's list of results; boxes without a score have the score 1.</summary>
    public static void WriteResults(WriteJob job) => JsonOutput.Write(job.Path, json =>
    {
        var file = new CocoFile(json, job, isLvis: false);
        json.WriteStartArray();
        foreach (var sample in job.Samples) file.WriteObjects(sample, isResult: true);
        json.WriteEndArray();
    });

    private static void Write(WriteJob job, bool isLvis) => JsonOutput.Write(job.Path, json =>
    {
        var file = new CocoFile(json, job, isLvis);
        json.WriteStartObject();
        json.WriteStartObject("info"); // some versions of pycocotools ask for it
        json.WriteEndObject();
        json.WriteList("images", job.Samples, file.WriteImage);
        json.WriteList("annotations", job.Samples, sample => file.WriteObjects(sample, isResult: false));
        json.WriteList("categories", job.Categories, file.WriteCategory);
        json.WriteEndObject();
    });

    private void WriteImage(DatasetSample sample)
    {
        json.WriteStartObject();
        json.WriteNumber("id", sample.ImageId);
        json.WriteString("file_name", job.NameOf(sample));
        json.WriteNumber("width", sample.Width);
        json.WriteNumber("height", sample.Height);
        if (isLvis)
        {
            json.WriteList("neg_category_ids", sample.AbsentLabels, label => json.WriteNumberValue(IdOf(label)));
            json.WriteList("not_exhaustive_category_ids", sample.PartialLabels, label => json.WriteNumberValue(IdOf(label)));
        }
        json.WriteEndObject();
    }

    private void WriteObjects(DatasetSample sample, bool isResult)
    {
        foreach (var (i, box) in sample.Boxes.Index())
        {
            json.WriteStartObject();
            if (!isResult) json.WriteNumber("id", ++_annotation);
            json.WriteNumber("image_id", sample.ImageId);
            json.WriteNumber("category_id", IdOf(sample.Labels[i]));
            WriteBox(box, withArea: !isResult);
            if (isResult) json.WriteNumber("score", sample.Scores.Count > 0 ? sample.Scores[i] : 1);
            else if (!isLvis) json.WriteNumber("iscrowd", sample.IsCrowd[i] ? 1 : 0);
            json.WriteEndObject();
        }
    }

    private int IdOf(string label) => job.Categories[job.Numbers[label]].Id;

    /// <summary>In double, so that reading gives back the very corners.</summary>
    private void WriteBox(Box box, bool withArea)
    {
        double x = box.X0, y = box.Y0, width = box.X1 - x, height = box.Y1 - y;
        json.WriteList("bbox", [x, y, width, height], json.WriteNumberValue);
        if (withArea) json.WriteNumber("area", width * height);
    }

    private void WriteCategory(DatasetCategory category)
    {
        json.WriteStartObject();
        json.WriteNumber("id", category.Id);
        json.WriteString("name", category.Name);
        if (isLvis)
        {
            if (category.Synset is { } synset) json.WriteString("synset", synset);
            if (category.Definition is { } definition) json.WriteString("def", definition);
            if (category.Frequency is { } frequency) json.WriteString("frequency", frequency);
            if (category.Synonyms.Count > 0) json.WriteList("synonyms", category.Synonyms, json.WriteStringValue);
        }
        json.WriteEndObject();
    }
}
