using System.Text;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads a UTF-8 text file line by line, whatever its size, and refuses lines that are too long.</summary>
internal static class TextLines
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines, without their ends, and their numbers from 1.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is too long or not UTF-8; says which.</exception>
    public static IEnumerable<(string Text, int Number)> Read(string path, int maxBytes)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        using var line = new MemoryStream();
        var number = 1;
        for (int b; (b = stream.ReadByte()) >= 0;)
        {
            if (b != '\n')
            {
                if (line.Length >= maxBytes) throw new InvalidDataException($"'{path}' line {number}: longer than the {maxBytes:N0} bytes that are allowed.");
                line.WriteByte((byte)b);
                continue;
            }
            yield return (Decode(path, line, number), number++);
            line.SetLength(0);
        }
        if (line.Length > 0) yield return (Decode(path, line, number), number);
    }

    private static string Decode(string path, MemoryStream line, int number)
    {
        try
        {
            return Utf8.GetString(line.GetBuffer(), 0, (int)line.Length).TrimStart('\uFEFF').TrimEnd('\r');
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"'{path}' line {number}: not UTF-8.", e);
        }
    }
}
