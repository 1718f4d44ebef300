using System.Diagnostics;

namespace Export;

/// <summary>The detclip command, which was built beside this program. Installed as a tool, it is <c>dotnet tool run detclip</c>.</summary>
internal static class DetclipTool
{
    /// <summary>Runs a command on this terminal; returns its exit code.</summary>
    public static int Run(params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "detclip.dll"), .. arguments]))!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
