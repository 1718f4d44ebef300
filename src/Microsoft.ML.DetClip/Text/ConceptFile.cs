using System.Text;

namespace Microsoft.ML.DetClip;

/// <summary>A file of concepts: lines, or JSON as <see cref="ConceptJsonReader"/> knows it.</summary>
internal static class ConceptFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The concepts of a file, in its order, each name once.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">Says in which line what is wrong.</exception>
    public static IReadOnlyList<Concept> Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? ConceptJsonReader.Read(path) : ReadLines(path);
    }

    private static IReadOnlyList<Concept> ReadLines(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var concepts = new ConceptCollection();
        var number = 0;
        for (int start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0, end; start < bytes.Length; start = end + 1)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n');
            end = length < 0 ? bytes.Length : start + length;
            number++;
            if (ReadLine(bytes.AsSpan(start..end), concepts, $"line {number}") is { } problem) throw new InvalidDataException($"'{path}' line {number}: {problem}.");
        }
        return concepts.Concepts;
    }

    // What is wrong with the line; null when nothing is.
    private static string? ReadLine(ReadOnlySpan<byte> bytes, ConceptCollection concepts, string place)
    {
        string line;
        try
        {
            line = Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return "it is not UTF-8";
        }
        if (string.IsNullOrWhiteSpace(line)) return null;
        var parts = line.TrimEnd('\r').Split('\t');
        return parts.Length > 2 ? "there are more than two parts; a line is a name, a tab and a definition" : concepts.Add(new(parts[0], parts.ElementAtOrDefault(1)), place);
    }
}
