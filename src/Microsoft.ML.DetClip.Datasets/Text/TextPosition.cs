namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Tells a person where in a text file something stands.</summary>
internal static class TextPosition
{
    /// <summary>"line 3, byte 17", both counted from 1; byte counts from the start of the line.</summary>
    /// <remarks>Reads the file up to there: for error messages only.</remarks>
    public static string Describe(string path, long offset)
    {
        using var stream = File.OpenRead(path);
        var buffer = new byte[1 << 16];
        var (line, lineStart, position) = (1L, 0L, 0L);
        while (position < offset)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, offset - position));
            if (read == 0) break;
            for (var i = 0; i < read; i++)
                if (buffer[i] == '\n') (line, lineStart) = (line + 1, position + i + 1);
            position += read;
        }
        return $"line {line}, byte {position - lineStart + 1}";
    }
}
