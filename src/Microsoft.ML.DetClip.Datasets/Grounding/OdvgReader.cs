using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads ODVG's JSON lines (Open-GroundingDino and mmdetection's MM-Grounding-DINO): an image in each line, with "detection" or "grounding".</summary>
/// <remarks>A region's "bbox" is one box or, in mmdetection's dialect, a list of boxes.</remarks>
internal sealed class OdvgReader
{
    private readonly ReadLog _log;
    private readonly ImageFiles _files;
    private readonly Dictionary<long, string> _names;

    private OdvgReader(ReadLog log)
    {
        (_log, _files) = (log, new(log.Options.ImageFolder ?? Path.GetDirectoryName(Path.GetFullPath(log.Path))!, log.Options));
        _names = ReadLabels();
    }

    /// <summary>A sample for each line.</summary>
    public static IEnumerable<DatasetSample> Read(ReadLog log)
    {
        var reader = new OdvgReader(log);
        foreach (var (text, number) in TextLines.Read(log.Path, log.Options.MaxRecordBytes))
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            using var json = Parse(text, log.Path, number);
            var sample = new LineReader(reader, number).Read(json.RootElement);
            if (sample is not null) yield return sample;
        }
    }

    private static JsonDocument Parse(string text, string path, int line)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' line {line}, byte {e.BytePositionInLine + 1}: not JSON, or cut off: {e.Message}", e);
        }
    }

    /// <summary>{"0": "person", …}</summary>
    private Dictionary<long, string> ReadLabels()
    {
        var names = new Dictionary<long, string>();
        string[] usual = [OdvgFile.LabelsOf(_log.Path), Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_log.Path))!, "label_map.json")];
        if ((_log.Options.LabelFile ?? usual.FirstOrDefault(File.Exists)) is not { } path) return names;
        using var json = SmallFile.ReadJson(path, _log.Options.MaxRecordBytes);
        if (json.RootElement.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"'{path}' is no object of names by label, such as {{\"0\": \"person\"}}.");
        foreach (var label in json.RootElement.EnumerateObject())
            if (int.TryParse(label.NameOrNull(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && label.Value.Text()?.Trim() is { Length: > 0 } name && names.TryAdd(id, name))
                _log.Categories.Add(new(id, name));
            else throw new InvalidDataException($"'{path}': the label '{label.NameOrNull()}' is no integer from 0, is there twice, or has no name.");
        return names;
    }

    /// <summary>Reads one line.</summary>
    private sealed class LineReader(OdvgReader reader, int line)
    {
        public DatasetSample? Read(JsonElement json)
        {
            if (json.Text("filename") is not { Length: > 0 } name) return Wrong("filename is missing or empty");
            if (json.Size("width") is not { } width || json.Size("height") is not { } height) return Wrong("width or height is missing or not positive");
            if ((reader._files.Find(name, out var file) ?? reader._files.CheckSize(file, width, height)) is { } problem) return Wrong(problem);
            var sample = new SampleBuilder(line, file, width, height);
            if (json.Property("grounding") is not { } grounding) return Detection(json, sample);
            var caption = grounding.Text("caption")?.Trim();
            if (string.IsNullOrEmpty(caption)) return Wrong("caption is missing or empty");
            foreach (var (i, region) in grounding.Items("regions").Index()) AddRegion(region, caption, sample, $"regions[{i}]");
            return sample.ToSample(grounding.Items("regions").Any() ? DatasetSampleKind.Grounding : DatasetSampleKind.Pairs, caption);
        }

        private DatasetSample? Detection(JsonElement json, SampleBuilder sample)
        {
            if (json.Property("detection") is not { } detection) return Wrong("it has neither 'detection' nor 'grounding'");
            foreach (var (i, instance) in detection.Items("instances").Index())
            {
                var category = instance.Text("category")?.Trim() ?? (instance.Integer("label") is { } label ? reader._names.GetValueOrDefault(label) : null);
                if (string.IsNullOrEmpty(category)) Wrong($"instances[{i}]: it has no category, and its label {instance.Integer("label")} is not in the label map");
                else AddBox(instance.Property("bbox")?.Numbers(), category, sample, $"instances[{i}]");
            }
            return sample.ToSample();
        }

        private void AddRegion(JsonElement region, string caption, SampleBuilder sample, string place)
        {
            var spans = region.Items("tokens_positive").Select(span => span.Numbers()).ToArray();
            var phrase = region.Text("phrase")?.Trim();
            if (string.IsNullOrEmpty(phrase)) phrase = spans is [[var start, var end], ..] ? CodePoints.Slice(caption, (long)start, (long)end) : null;
            if (phrase is null)
            {
                Wrong($"{place}: phrase is missing or empty");
                return;
            }
            var box = region.Property("bbox");
            if (box?.Items().FirstOrDefault().ValueKind == JsonValueKind.Array)
                foreach (var one in box.Value.Items()) AddBox(one.Numbers(), phrase, sample, place);
            else AddBox(box?.Numbers(), phrase, sample, place);
        }

        private void AddBox(double[]? corners, string label, SampleBuilder sample, string place)
        {
            if (corners is not [var x0, var y0, var x1, var y1]) Wrong($"{place}: bbox is missing or not four numbers: x0, y0, x1, y1");
            else if (reader._log.Fit(x0, y0, x1, y1, sample.Width, sample.Height, out var box) is { } problem) Wrong($"{place}: {problem}");
            else sample.Add(box, label);
        }

        private DatasetSample? Wrong(string problem)
        {
            reader._log.Problems.Add(() => $"'{reader._log.Path}' line {line}: {problem}");
            return null;
        }
    }
}
