using System.CommandLine;
using System.CommandLine.Parsing;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>What values of options must be, said while the command line is read.</summary>
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

    /// <summary>Reports a number below 1 as wrong usage; what is no number is refused by the parser itself.</summary>
    /// <param name="option">An option of whole numbers.</param>
    public static Option<T> Positive<T>(this Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < 1) result.AddError($"{option.Name} is {value}; it must be positive.");
        });
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
