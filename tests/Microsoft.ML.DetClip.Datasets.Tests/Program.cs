// Long runs of what the tests do in small:
//   fuzz MUTANTS SEED [FORMAT]   damages the files of every format, reads them, and says how many were read nevertheless
//   large GIGABYTES              writes a COCO file of that size, reads it, and says how much memory that took
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.DetClip.Datasets.Tests;

var folder = Directory.CreateTempSubdirectory("detclip-long").FullName;
var clock = Stopwatch.StartNew();
try
{
    if (args is ["fuzz", var mutants, var seed, .. var format])
    {
        var read = Fuzz.Run(folder, int.Parse(mutants, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture), done =>
        {
            if (done % 10_000 == 0) Console.WriteLine($"{done:N0} mutants in {clock.Elapsed.TotalSeconds:F0} s, {Environment.WorkingSet >> 20} MiB");
        }, format.FirstOrDefault());
        Console.WriteLine($"{mutants} mutants of seed {seed}: {read} read to the end, the others refused with a documented exception; no crash, no hang.");
    }
    else if (args is ["large", var gigabytes])
    {
        var path = Path.Combine(folder, "large.json");
        LargeCoco.Write(path, (long)(double.Parse(gigabytes, CultureInfo.InvariantCulture) * 1e9));
        clock.Restart();
        var (images, boxes) = LargeCoco.Read(path, folder);
        Console.WriteLine($"{new FileInfo(path).Length / 1e6:N0} MB, {images:N0} images, {boxes:N0} boxes: {clock.Elapsed.TotalSeconds:F1} s, peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
    }
    else
    {
        Console.Error.WriteLine("fuzz MUTANTS SEED [FORMAT], or large GIGABYTES");
        return 2;
    }
    Directory.Delete(folder, recursive: true);
    return 0;
}
catch (Exception e)
{
    Console.Error.WriteLine($"{e}\nThe files are kept in '{folder}'.");
    return 1;
}
