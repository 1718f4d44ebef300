using System.Globalization;
using System.Text;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A table of the boxes that a person shall look at, the surest last: image, label, score and corners in pixels, as comma-separated values.</summary>
internal static class ReviewList
{
    private const string Header = "image,label,score,x0,y0,x1,y1";

    public static void Write(string path, WriteJob job) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(Header);
        foreach (var (_, line) in job.Samples.SelectMany(sample => LinesOf(sample, job)).OrderBy(l => l.Score)) writer.WriteLine(line);
    });

    private static IEnumerable<(float Score, string Line)> LinesOf(DatasetSample sample, WriteJob job) =>
        from i in Enumerable.Range(0, sample.Boxes.Count)
        where sample.IsForReview(i)
        let box = sample.Boxes[i]
        let score = sample.Scores.Count > 0 ? sample.Scores[i] : 1
        select (score, string.Create(CultureInfo.InvariantCulture,
            $"{Cell(job.NameOf(sample))},{Cell(sample.Labels[i])},{score:F4},{box.X0:F2},{box.Y0:F2},{box.X1:F2},{box.Y1:F2}"));

    private static string Cell(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
