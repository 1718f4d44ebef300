using System.Globalization;
using System.Text;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Writes YOLO's text files: a folder "labels" that mirrors that of the images, and data.yaml with the names.</summary>
internal static class YoloFolder
{
    public static void Write(WriteJob job)
    {
        if (job.Categories.FirstOrDefault(c => c.Name.Any(char.IsControl)) is { } odd) throw new InvalidDataException($"The name of category {odd.Id} has a line break or other control character.");
        var stems = job.Stems(job.NameOf);
        NewFolder.Write(Path.Combine(job.Path, "labels"), folder =>
        {
            foreach (var (sample, stem) in stems)
            {
                var file = Path.Combine(folder, $"{stem}.txt");
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllLines(file, sample.Boxes.Select((box, i) => Line(job.Numbers[sample.Labels[i]], box, sample)));
            }
        });
        AtomicFile.Write(Path.Combine(job.Path, "data.yaml"), stream => stream.Write(Encoding.UTF8.GetBytes(Yaml(job))));
    }

    private static string Yaml(WriteJob job) =>
        $"path: .\ntrain: images\nval: images\nnames:\n{string.Concat(job.Categories.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"  {i}: '{c.Name.Replace("'", "''")}'\n")))}";

    // In double, so that reading gives back the very corners but for the last bits.
    private static string Line(int number, Box box, DatasetSample sample) => string.Create(CultureInfo.InvariantCulture,
        $"{number} {((double)box.X0 + box.X1) / 2 / sample.Width:R} {((double)box.Y0 + box.Y1) / 2 / sample.Height:R} {((double)box.X1 - box.X0) / sample.Width:R} {((double)box.Y1 - box.Y0) / sample.Height:R}");
}
