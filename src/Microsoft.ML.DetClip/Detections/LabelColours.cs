using SkiaSharp;

namespace Microsoft.ML.DetClip;

/// <summary>One colour for each name, the same in every picture and process.</summary>
internal static class LabelColours
{
    // In degrees, about equally different to the eye: few of the many greens.
    private static readonly int[] Hues = [0, 14, 26, 38, 48, 58, 80, 120, 160, 176, 188, 200, 215, 232, 255, 275, 292, 310, 328, 345];

    /// <summary>A saturated colour whose hue and lightness follow from the name alone.</summary>
    public static SKColor Of(string label)
    {
        var hash = Hash(label);
        var lightness = 38 + hash / 1024 % 3 * 11;
        return SKColor.FromHsl(Hues[hash % (uint)Hues.Length], 85, lightness);
    }

    /// <summary>Black or white, whichever is easier to read on the colour.</summary>
    public static SKColor TextOn(SKColor colour)
    {
        var brightness = 0.299 * colour.Red + 0.587 * colour.Green + 0.114 * colour.Blue;
        return brightness > 140 ? SKColors.Black : SKColors.White;
    }

    // FNV-1a, then mixed, so that names that differ in one letter are far apart.
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var character in text) hash = (hash ^ character) * 16777619;
        hash = (hash ^ hash >> 16) * 0x85EBCA6B;
        hash = (hash ^ hash >> 13) * 0xC2B2AE35;
        return hash ^ hash >> 16;
    }
}
