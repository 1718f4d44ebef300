using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Writes Pascal VOC's layout: a folder "Annotations" with an XML file for each image. Corners count from 0 and are written in full, where PASCAL has integers from 1. What shall be reviewed is marked difficult, which keeps it out of training.</summary>
internal static class VocFolder
{
    public static void Write(WriteJob job)
    {
        var stems = job.Stems(WriteJob.BareNameOf);
        NewFolder.Write(Path.Combine(job.Path, "Annotations"), folder =>
        {
            foreach (var (sample, stem) in stems) AnnotationOf(sample).Save(Path.Combine(folder, $"{stem}.xml"));
        });
    }

    private static XElement AnnotationOf(DatasetSample sample) => new("annotation",
        new XElement("filename", Valid(WriteJob.BareNameOf(sample))),
        new XElement("size", new XElement("width", sample.Width), new XElement("height", sample.Height), new XElement("depth", 3)),
        sample.Boxes.Select((box, i) => new XElement("object",
            new XElement("name", Valid(sample.Labels[i])), new XElement("truncated", 0), new XElement("difficult", sample.IsCrowd[i] || sample.IsForReview(i) ? 1 : 0),
            new XElement("bndbox", Side("xmin", box.X0), Side("ymin", box.Y0), Side("xmax", box.X1), Side("ymax", box.Y1)))));

    private static XElement Side(string name, float value) => new(name, value.ToString("R", CultureInfo.InvariantCulture));

    private static string Valid(string text) => text.All(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)) ? text
        : throw new InvalidDataException($"The name '{text}' has characters that XML cannot hold.");
}
