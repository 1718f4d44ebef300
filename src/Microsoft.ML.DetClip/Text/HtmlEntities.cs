using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.DetClip;

/// <summary>Replaces HTML character references, by the rules of browsers (WHATWG HTML, section 13.2.5.72) rather than those of <see cref="WebUtility"/>.</summary>
/// <remarks>Names are those of HTML 4; the two thousand that HTML 5 added are left as they are.</remarks>
internal static partial class HtmlEntities
{
    // Names that count without a semicolon too, so that "AT&ampT" and "&notit;" are read as browsers read them.
    private static readonly FrozenSet<string> Legacy = (
        "AElig AMP Aacute Acirc Agrave Aring Atilde Auml COPY Ccedil ETH Eacute Ecirc Egrave Euml GT Iacute Icirc Igrave Iuml LT Ntilde Oacute Ocirc " +
        "Ograve Oslash Otilde Ouml QUOT REG THORN Uacute Ucirc Ugrave Uuml Yacute aacute acirc acute aelig agrave amp aring atilde auml brvbar ccedil " +
        "cedil cent copy curren deg divide eacute ecirc egrave eth euml frac12 frac14 frac34 gt iacute icirc iexcl igrave iquest iuml laquo lt macr " +
        "micro middot nbsp not ntilde oacute ocirc ograve ordf ordm oslash otilde ouml para plusmn pound quot raquo reg sect shy sup1 sup2 sup3 szlig " +
        "thorn times uacute ucirc ugrave uml uuml yacute yen yuml").Split(' ').ToFrozenSet();

    [GeneratedRegex("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)", RegexOptions.CultureInvariant)]
    private static partial Regex Reference { get; }

    [GeneratedRegex("&#?[0-9A-Za-z]{1,24};", RegexOptions.CultureInvariant)]
    private static partial Regex WholeReference { get; }

    /// <summary>Replaces everything that a browser would: "&amp;lt" is "&lt;".</summary>
    public static string Unescape(string text) =>
        text.Contains('&') ? Reference.Replace(text, match => Browser(match.Groups[1].Value)) : text;

    /// <summary>Replaces only references that end in a semicolon, and those in capitals ("&amp;EACUTE;"), as ftfy does.</summary>
    public static string UnescapeWhole(string text) =>
        text.Contains('&') ? WholeReference.Replace(text, match => Whole(match.Value)) : text;

    private static string Browser(string reference)
    {
        if (reference[0] == '#') return Numeric(reference);
        if (reference[^1] == ';' && Named(reference[..^1]) is { } named) return named;
        for (var length = reference.Length; length > 1; length--)
            if (Legacy.Contains(reference[..length])) return Named(reference[..length]) + reference[length..];
        return "&" + reference;
    }

    private static string Whole(string match)
    {
        var reference = match[1..];
        if (reference[0] != '#') return Named(reference[..^1]) ?? Capitals(reference[..^1]) ?? match;
        return Reference.Match(match).Length == match.Length ? Numeric(reference) : match;
    }

    private static string? Capitals(string name) =>
        name == name.ToUpperInvariant() ? Named(name.ToLowerInvariant())?.ToUpperInvariant() : null;

    private static string? Named(string name) => name switch
    {
        "AMP" => "&",
        "LT" => "<",
        "GT" => ">",
        "QUOT" => "\"",
        "COPY" => "©",
        "REG" => "®",
        "lang" => "⟨", // HTML 5 moved these two
        "rang" => "⟩",
        _ => WebUtility.HtmlDecode($"&{name};") is var text && text[0] != '&' || name == "amp" ? text : null,
    };

    private static string Numeric(string reference)
    {
        var digits = reference.TrimEnd(';');
        var hexadecimal = digits[1] is 'x' or 'X';
        var style = hexadecimal ? NumberStyles.HexNumber : NumberStyles.None;
        var read = int.TryParse(digits.AsSpan(hexadecimal ? 2 : 1), style, CultureInfo.InvariantCulture, out var code);
        if (!read || code == 0 || !Rune.IsValid(code)) return "\uFFFD";
        if (code is >= 0x80 and < 0xA0) return Windows1252.ToChar((byte)code).ToString();
        var forbidden = code is < 0x20 and not ('\t' or '\n' or '\f' or '\r') or 0x7F or >= 0xFDD0 and <= 0xFDEF || (code & 0xFFFE) == 0xFFFE;
        return forbidden ? "" : char.ConvertFromUtf32(code);
    }
}
