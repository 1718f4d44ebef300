using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads files that are read whole, up to a size.</summary>
internal static class SmallFile
{
    private const int DeepestElement = 64;
    private static readonly XmlReaderSettings Xml = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <exception cref="InvalidDataException">It is larger.</exception>
    public static byte[] ReadBytes(string path, int maxBytes)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream.Length > maxBytes) throw new InvalidDataException($"'{path}' has {stream.Length:N0} bytes, more than the {maxBytes:N0} that are allowed.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <exception cref="InvalidDataException">It is larger, not JSON, or cut off.</exception>
    public static JsonDocument ReadJson(string path, int maxBytes)
    {
        var bytes = ReadBytes(path, maxBytes);
        try
        {
            return JsonDocument.Parse(bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: not JSON, or cut off: {e.Message}", e);
        }
    }

    /// <summary>The root of an XML file, with line numbers. Entities of its own are refused: they can grow without bounds, or name other files.</summary>
    /// <exception cref="InvalidDataException">It is larger, not XML, cut off, or nested without end.</exception>
    public static XElement ReadXml(string path, int maxBytes)
    {
        var bytes = ReadBytes(path, maxBytes);
        try
        {
            CheckDepth(path, bytes);
            using var reader = XmlReader.Create(new MemoryStream(bytes), Xml);
            return XElement.Load(reader, LoadOptions.SetLineInfo);
        }
        catch (XmlException e)
        {
            throw new InvalidDataException($"'{path}': not XML, or cut off: {e.Message}", e);
        }
    }

    private static void CheckDepth(string path, byte[] bytes)
    {
        using var reader = XmlReader.Create(new MemoryStream(bytes), Xml);
        while (reader.Read())
            if (reader.Depth > DeepestElement) throw new InvalidDataException($"'{path}' line {((IXmlLineInfo)reader).LineNumber}: elements are nested deeper than {DeepestElement}.");
    }
}
