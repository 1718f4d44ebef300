using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>Image sizes as users write them: 480x640 is a height of 480 and a width of 640 pixels.</summary>
internal static class ImageSizes
{
    /// <summary>An option that takes one or more sizes; null where it is left out.</summary>
    public static Option<IReadOnlyList<(int Height, int Width)>?> CreateOption(string name, string description, IReadOnlyList<(int Height, int Width)> usual) => new(name)
    {
        Description = $"{description} [default: {string.Join(' ', usual.Select(size => $"{size.Height}x{size.Width}"))}]",
        HelpName = "sizes",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = Parse,
    };

    private static List<(int Height, int Width)> Parse(ArgumentResult result)
    {
        var sizes = new List<(int Height, int Width)>();
        foreach (var token in result.Tokens)
            if (token.Value.Split('x') is [var height, var width] && IsLength(height, out var h) && IsLength(width, out var w)) sizes.Add((h, w));
            else result.AddError($"'{token.Value}' is no image size; write <height>x<width> in pixels, such as 480x640.");
        return sizes;
    }

    private static bool IsLength(string text, out int length) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length) && length > 0;
}
