namespace Microsoft.ML.DetClip.Samples.Tests;

/// <summary>A test in a headless browser; skipped, saying so, where none is installed.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome.exe"];

    public ChromiumFactAttribute()
    {
        if (Path is null) Skip = "needs Chromium on the PATH (Debian: apt-get install chromium), or its path in DETCLIP_CHROMIUM";
    }

    /// <summary>The browser; null where there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("DETCLIP_CHROMIUM") ?? (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator).SelectMany(folder => Names.Select(name => System.IO.Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}
