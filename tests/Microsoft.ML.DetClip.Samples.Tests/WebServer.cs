using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Microsoft.ML.DetClip.Samples.Tests;

/// <summary>WebDetector in a process of its own, on a free port of this machine.</summary>
internal sealed partial class WebServer : IDisposable
{
    private readonly Process _process;

    private readonly ConcurrentQueue<string> _log;

    private WebServer(Process process, Uri address, string temporary, IEnumerable<string> said)
    {
        (_process, Address, TemporaryFolder, _log) = (process, address, temporary, new(said));
        _ = Task.Run(Listen); // a full pipe would stop the server
        _ = process.StandardError.ReadToEndAsync();
        Client = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>Where the process would put temporary files.</summary>
    public string TemporaryFolder { get; }

    /// <summary>What the server has said until a line came that contains a text.</summary>
    public async Task<IReadOnlyList<string>> LogUntil(string text)
    {
        for (var waited = TimeSpan.Zero; waited < TimeSpan.FromMinutes(1); waited += TimeSpan.FromMilliseconds(50))
        {
            if (_log.Any(line => line.Contains(text, StringComparison.Ordinal))) return [.. _log];
            await Task.Delay(50);
        }
        throw new TimeoutException($"No '{text}' in:\n{string.Join('\n', _log)}");
    }

    /// <param name="model">The detector.</param>
    /// <param name="settings">Such as "MaxNames=3".</param>
    public static WebServer Start(string model, params IReadOnlyList<string> settings)
    {
        var temporary = Directory.CreateTempSubdirectory("detclip-web").FullName;
        string[] arguments = ["--model", model, "--urls", "http://127.0.0.1:0", .. settings.Select(s => $"--Detector:{s}")];
        var start = SampleProgram.StartInfo("WebDetector", arguments);
        (start.Environment["TMPDIR"], start.Environment["DOTNET_EnableDiagnostics"]) = (temporary, "0"); // the runtime's own pipes are no concern here
        start.Environment["ORT_DISABLE_TELEMETRY"] = "1"; // nor is ONNX Runtime's id
        var process = Process.Start(start)!;
        var said = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            said.Add(line);
            if (ListeningOn().Match(line) is not { Success: true } match) continue;
            return new(process, new(match.Groups[1].Value), temporary, said);
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

    private void Listen()
    {
        while (_process.StandardOutput.ReadLine() is { } line) _log.Enqueue(line);
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningOn();
}
