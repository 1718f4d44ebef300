using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Microsoft.ML.DetClip.Samples.Tests;

/// <summary>WebDetector in a process of its own, on a free port of this machine.</summary>
internal sealed partial class WebServer : IDisposable
{
    private readonly Process _process;

    private WebServer(Process process, Uri address, string temporary)
    {
        (_process, Address, TemporaryFolder) = (process, address, temporary);
        Client = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>Where the process would put temporary files.</summary>
    public string TemporaryFolder { get; }

    /// <param name="model">The detector.</param>
    /// <param name="settings">Such as "MaxNames=3".</param>
    public static WebServer Start(string model, params IReadOnlyList<string> settings)
    {
        var temporary = Directory.CreateTempSubdirectory("detclip-web").FullName;
        string[] arguments = ["--model", model, "--urls", "http://127.0.0.1:0", .. settings.Select(s => $"--Detector:{s}")];
        var start = SampleProgram.StartInfo("WebDetector", arguments);
        (start.Environment["TMPDIR"], start.Environment["DOTNET_EnableDiagnostics"]) = (temporary, "0"); // the runtime's own pipes are no concern here
        var process = Process.Start(start)!;
        var said = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            said.Add(line);
            if (ListeningOn().Match(line) is not { Success: true } match) continue;
            _ = process.StandardOutput.ReadToEndAsync(); // a full pipe would stop the server
            _ = process.StandardError.ReadToEndAsync();
            return new(process, new(match.Groups[1].Value), temporary);
        }
        throw new InvalidOperationException($"{string.Join('\n', said)}\n{process.StandardError.ReadToEnd()}");
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(TemporaryFolder, recursive: true);
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningOn();
}
