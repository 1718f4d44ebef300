using System.CommandLine;
using System.CommandLine.Parsing;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>Values of options that a library reads from their text, refused while the command line is read.</summary>
internal static class OptionTexts
{
    /// <summary>Reports what is wrong with each value of an option as wrong usage.</summary>
    /// <param name="option">The option.</param>
    /// <param name="parse">Throws <see cref="ArgumentException"/> where a text is not understood.</param>
    public static Option<T> Read<T>(this Option<T> option, Action<string> parse)
    {
        option.Validators.Add(result => Check(result, parse));
        return option;
    }

    private static void Check(OptionResult result, Action<string> parse)
    {
        try
        {
            foreach (var token in result.Tokens) parse(token.Value);
        }
        catch (ArgumentException e)
        {
            result.AddError(e.Message);
        }
    }
}
