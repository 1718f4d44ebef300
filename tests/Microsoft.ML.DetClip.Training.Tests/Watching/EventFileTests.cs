namespace Microsoft.ML.DetClip.Training.Tests;

public sealed class EventFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-events").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Checksums_are_those_of_the_standard()
    {
        // RFC 3720, appendix B.4: 32 bytes of zeros, of ones, rising.
        Assert.Equal(0x8A9136AAu, Unmask(EventFile.MaskedChecksum(new byte[32])));
        Assert.Equal(0x62A8AB43u, Unmask(EventFile.MaskedChecksum(Enumerable.Repeat((byte)0xFF, 32).ToArray())));
        Assert.Equal(0x46DD794Eu, Unmask(EventFile.MaskedChecksum(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray())));
        Assert.Equal(0xE3069283u, EventReader.Crc32C("123456789"u8));

        static uint Unmask(uint masked)
        {
            var rotated = masked - 0xa282ead8;
            return rotated << 15 | rotated >> 17;
        }
    }

    [Fact]
    public void What_was_written_is_read_by_an_independent_reader()
    {
        byte[] png = [1, 2, 3, 200];
        using (var file = EventFile.Create(_folder, stepsDone: 0))
        {
            file.Scalar("detection/loss", 1.5, step: 1);
            file.Picture("samples/0", 300, 200, png, step: 70_000);
        }

        var events = EventReader.Read(Assert.Single(Directory.GetFiles(_folder, "events.out.tfevents.*")));

        Assert.Equal(["brain.Event:2", null, null], events.Select(e => e.FileVersion));
        Assert.Equal(("detection/loss", 1.5f, 1L), (events[1].Tag, events[1].Scalar, events[1].Step));
        Assert.Equal(("samples/0", 70_000L, 300L, 200L), (events[2].Tag, events[2].Step, events[2].Width, events[2].Height));
        Assert.Equal(png, events[2].Picture);
        Assert.All(events, e => Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - e.WallTime, -60, 600));
    }

    [Fact]
    public void A_run_that_goes_on_tells_from_which_step_on_older_events_do_not_hold()
    {
        EventFile.Create(_folder, stepsDone: 0).Dispose();
        EventFile.Create(_folder, stepsDone: 12).Dispose();

        var newest = EventReader.Read(Directory.GetFiles(_folder).Order().Last());

        Assert.Equal(2, Directory.GetFiles(_folder).Length);
        Assert.Equal((13L, 1), (newest[1].Step, newest[1].SessionStatus));
        EventFile.Create(_folder, stepsDone: 0).Dispose();
        Assert.Single(Directory.GetFiles(_folder));
    }
}
