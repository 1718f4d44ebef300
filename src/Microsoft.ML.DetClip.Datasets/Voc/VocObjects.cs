using System.Globalization;
using System.Xml.Linq;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>The parts of Pascal VOC's XML that other data sets took over.</summary>
internal static class VocObjects
{
    private static readonly string[] Sides = ["xmin", "ymin", "xmax", "ymax"];

    /// <summary>The image's size; null where it is missing or not positive.</summary>
    public static (int Width, int Height)? SizeOf(XElement annotation)
    {
        var size = annotation.Element("size");
        return Number(size?.Element("width")) is >= 1 and <= int.MaxValue and var width && Number(size?.Element("height")) is >= 1 and <= int.MaxValue and var height
            ? ((int)width, (int)height) : null;
    }

    /// <summary>The corners of an object's bndbox; null where they are not four numbers.</summary>
    public static double[]? CornersOf(XElement item)
    {
        var sides = Sides.Select(side => Number(item.Element("bndbox")?.Element(side))).ToArray();
        return sides.Contains(null) ? null : [.. sides.Select(side => side!.Value)];
    }

    /// <summary>The element as a number; null where it is missing or none.</summary>
    public static double? Number(XElement? element) =>
        double.TryParse(element?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
