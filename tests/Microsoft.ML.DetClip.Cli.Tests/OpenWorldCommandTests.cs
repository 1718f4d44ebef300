namespace Microsoft.ML.DetClip.Cli.Tests;

public sealed class OpenWorldCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_folder_that_is_there_is_left_alone()
    {
        var session = await Session.RunAsync("", "openworld", "--out", _folder);

        Assert.Equal((ExitCode.Failure, ""), (session.ExitCode, session.Output));
        Assert.Contains(_folder, session.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task An_edition_that_there_is_not_is_bad_usage()
    {
        var session = await Session.RunAsync("", "openworld", "--out", Path.Combine(_folder, "world"), "--edition", "huge");

        Assert.Equal((ExitCode.BadUsage, ""), (session.ExitCode, session.Output));
        Assert.Contains("huge", session.Error);
    }
}
