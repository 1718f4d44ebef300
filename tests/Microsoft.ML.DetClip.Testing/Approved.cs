using Xunit;

namespace Microsoft.ML.DetClip.Testing;

/// <summary>Compares a text with the reviewed file of that name under tests/Approved.</summary>
public static class Approved
{
    /// <summary>Fails with the path of the received text; set DETCLIP_ACCEPT=1 to accept what was received.</summary>
    public static void Equal(string name, string actual)
    {
        var path = RepositoryFiles.Path("tests", "Approved", name + ".txt");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var received = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("DETCLIP_ACCEPT") == "1") File.WriteAllText(path, received);
        var approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (approved == received) return;
        File.WriteAllText(System.IO.Path.ChangeExtension(path, ".received.txt"), received);
        Assert.Fail($"tests/Approved/{name}.txt differs from what was received; first difference: {FirstDifference(approved, received)}. Set DETCLIP_ACCEPT=1 to accept.");
    }

    private static string FirstDifference(string approved, string received)
    {
        var (a, b) = (approved.Split('\n'), received.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(a.Length, b.Length)).First(i => i >= a.Length || i >= b.Length || a[i] != b[i]);
        return $"line {line + 1}: approved '{(line < a.Length ? a[line] : "(end)")}', received '{(line < b.Length ? b[line] : "(end)")}'";
    }
}
