using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.DetClip.Benchmarks.Rivals;

/// <summary>A Python process that does steps of torchvision's networks when asked; see backbone_step.py and detector_step.py.</summary>
internal sealed class Rival : IDisposable
{
    private readonly Process _process;

    private Rival(Process process, string description) => (_process, Description) = (process, description);

    /// <summary>Versions, as the process tells them.</summary>
    public string Description { get; }

    /// <summary>Starts it; null where Python or its torch is missing, which is then said.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="script">The script, from the program's folder.</param>
    /// <param name="first">Its first argument.</param>
    /// <param name="second">Its second argument.</param>
    /// <param name="threads">Its third argument, and what the linear algebra libraries are told.</param>
    /// <param name="device">Where it computes: cpu, or cuda and a number.</param>
    /// <param name="products">Number format of products.</param>
    public static Rival? Start(string python, string script, int first, int second, int threads, string device = "cpu", string products = "float32")
    {
        try
        {
            var process = Process.Start(new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, script), $"{first}", $"{second}", $"{threads}", device, products])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                Environment = { ["OMP_NUM_THREADS"] = $"{threads}", ["OPENBLAS_NUM_THREADS"] = $"{threads}" },
            })!;
            if (process.StandardOutput.ReadLine() is { } description) return new(process, description);
            process.Dispose();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No such program: told below, as is one that ends at once.
        }
        Console.WriteLine($"{python} has no torch and torchvision (Debian: python3-torch, python3-torchvision); measured without a rival.");
        return null;
    }

    /// <summary>Does one step.</summary>
    public Cost Step()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The Python process ended in the middle of a step; its last words are on standard error.");
        var seconds = line.Split(' ').Select(s => double.Parse(s, CultureInfo.InvariantCulture)).ToArray();
        return new(seconds[0], seconds[1]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
