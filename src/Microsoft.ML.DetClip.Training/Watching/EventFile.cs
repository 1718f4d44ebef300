using System.Buffers.Binary;
using System.Numerics;
using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

/// <summary>A file of events that TensorBoard shows: scalars and pictures by step.</summary>
/// <remarks>
/// Each record is framed as in TensorFlow's record files: length (8 bytes), its checksum (4), data, their checksum (4), all little-endian; checksums are CRC-32C,
/// masked. The data is a message "Event" of tensorflow/core/util/event.proto.
/// </remarks>
internal sealed class EventFile : IDisposable
{
    private const string Prefix = "events.out.tfevents.";
    private const string Suffix = ".detclip";
    private readonly FileStream _stream;

    private EventFile(FileStream stream) => _stream = stream;

    /// <summary>Begins a file in the folder. Steps of older files there from <paramref name="stepsDone"/> on hold no longer; TensorBoard is told so.</summary>
    /// <param name="folder">It must be there.</param>
    /// <param name="stepsDone">Steps that the run goes on after; 0 begins anew and removes older files of this kind.</param>
    public static EventFile Create(string folder, long stepsDone)
    {
        if (stepsDone == 0)
            foreach (var old in Directory.GetFiles(folder, $"{Prefix}*{Suffix}")) File.Delete(old);
        var file = new EventFile(new FileStream(FreePath(folder), FileMode.CreateNew, FileAccess.Write, FileShare.Read));
        file.Write(new ProtoMessage().Text(field: 3, "brain.Event:2"), step: 0);
        if (stepsDone > 0) file.Write(new ProtoMessage().Message(field: 7, new ProtoMessage().Int(field: 1, 1)), stepsDone + 1); // SessionLog, status START
        return file;
    }

    /// <summary>Appends a number.</summary>
    public void Scalar(string tag, double value, long step) => Summary(step, new ProtoMessage().Text(field: 1, tag).Float(field: 2, (float)value));

    /// <summary>Appends a picture in colour, a PNG or JPEG file.</summary>
    public void Picture(string tag, int width, int height, byte[] file, long step)
    {
        var picture = new ProtoMessage().Int(field: 1, height).Int(field: 2, width).Int(field: 3, 3).Payload(field: 4, file.Length, stream => stream.Write(file)); // 3: RGB
        Summary(step, new ProtoMessage().Text(field: 1, tag).Message(field: 4, picture));
    }

    /// <summary>Hands what was written to the system, so that TensorBoard sees it.</summary>
    public void Flush() => _stream.Flush();

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>CRC-32C (Castagnoli), rotated and shifted, so that the checksum of data that holds checksums is a good one too.</summary>
    internal static uint MaskedChecksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data) crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + 0xA282EAD8;
    }

    private static string FreePath(string folder)
    {
        for (var number = 0; ; number++)
        {
            var path = Path.Combine(folder, $"{Prefix}{DateTimeOffset.UtcNow.ToUnixTimeSeconds():D10}.{number}{Suffix}");
            if (!File.Exists(path)) return path;
        }
    }

    private void Summary(long step, ProtoMessage value) => Write(new ProtoMessage().Message(field: 5, new ProtoMessage().Message(field: 1, value)), step);

    private void Write(ProtoMessage content, long step)
    {
        using var data = new MemoryStream();
        new ProtoMessage().Double(field: 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0).Int(field: 2, step).WriteTo(data);
        content.WriteTo(data);
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(head, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], MaskedChecksum(head[..8]));
        Span<byte> tail = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, MaskedChecksum(data.GetBuffer().AsSpan(0, (int)data.Length)));
        _stream.Write(head);
        data.WriteTo(_stream);
        _stream.Write(tail);
    }
}
