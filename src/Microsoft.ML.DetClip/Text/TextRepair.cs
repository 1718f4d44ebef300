using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.DetClip;

/// <summary>The repairs that CLIP's tokenizer makes to a text with ftfy 6.3 before it reads it.</summary>
/// <remarks>
/// Character references, mojibake (see <see cref="Mojibake"/> for its limits), C1 controls, Latin ligatures, full and half width, curly quotes,
/// terminal escapes, control characters, lone surrogates, normalisation form C. Line breaks are left to the collapsing of white space.
/// </remarks>
internal static partial class TextRepair
{
    private const string HalfWidthKatakana =
        "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309A";
    private const string HalfWidthHangulConsonants =
        "\u1160\u1100\u1101\u11AA\u1102\u11AC\u11AD\u1103\u1104\u1105\u11B0\u11B1\u11B2\u11B3\u11B4\u11B5\u111A\u1106\u1107\u1108\u1121\u1109\u110A\u110B\u110C" +
        "\u110D\u110E\u110F\u1110\u1111\u1112";

    [GeneratedRegex("\u001B\\[[0-9;]*[a-zA-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex TerminalEscape { get; }

    /// <summary>The repaired text; the same object where nothing needs repair.</summary>
    public static string Repair(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && !text.Contains('&')) return text;
        var lines = text.Split('\n');
        var mayHaveReferences = true;
        for (var i = 0; i < lines.Length; i++)
        {
            mayHaveReferences &= !lines[i].Contains('<'); // markup is meant as it stands, from that line on
            lines[i] = RepairLine(lines[i], mayHaveReferences);
        }
        return string.Join('\n', lines);
    }

    // One repair can uncover the need for another, so they are made until all agree.
    private static string RepairLine(string line, bool mayHaveReferences)
    {
        for (string? before = null; before != line;)
        {
            before = line;
            if (mayHaveReferences) line = HtmlEntities.UnescapeWhole(line);
            line = CanonicalComposition.Normalize(Simplify(TerminalEscape.Replace(Mojibake.Repair(line), "")));
        }
        return line;
    }

    private static string Simplify(string line)
    {
        if (Ascii.IsValid(line) && !line.Any(char.IsControl)) return line;
        var result = new StringBuilder(line.Length);
        foreach (var rune in line.EnumerateRunes()) // lone surrogates come out as U+FFFD
        {
            if (!rune.IsBmp) result.Append(rune.ToString());
            else if (Ligature((char)rune.Value) is { } letters) result.Append(letters);
            else if (Simplify((char)rune.Value) is var simple and not '\0') result.Append(simple);
        }
        return result.ToString();
    }

    private static string? Ligature(char c) => c switch
    {
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'ŉ' => "'n",
        'Ǳ' => "DZ",
        'ǲ' => "Dz",
        'ǳ' => "dz",
        'Ǆ' => "DŽ",
        'ǅ' => "Dž",
        'ǆ' => "dž",
        'Ǉ' => "LJ",
        'ǈ' => "Lj",
        'ǉ' => "lj",
        'Ǌ' => "NJ",
        'ǋ' => "Nj",
        'ǌ' => "nj",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' => "ſt",
        'ﬆ' => "st",
        '\uFFE3' => " \u0304",
        _ => null,
    };

    // NUL stands for nothing at all.
    private static char Simplify(char c) => c switch
    {
        '\t' or '\n' or '\f' or '\r' => c,
        < ' ' or '\u007F' or >= '\u206A' and <= '\u206F' or '\uFEFF' or >= '\uFFF9' and <= '\uFFFC' => '\0',
        >= '\u0080' and <= '\u009F' => Windows1252.ToChar((byte)c) is var decoded && decoded == c ? c : Simplify(decoded),
        '\u02BC' or >= '\u2018' and <= '\u201B' => '\'',
        >= '\u201C' and <= '\u201F' => '"',
        '\u3000' => ' ',
        >= '\uFF01' and <= '\uFFEE' => Width(c),
        _ => c,
    };

    private static char Width(char c) => c switch
    {
        <= '\uFF5E' => (char)(c - '\uFF01' + '!'),
        '\uFF5F' => '⦅',
        '\uFF60' => '⦆',
        <= '\uFF9F' => HalfWidthKatakana[c - '\uFF61'],
        <= '\uFFBE' => HalfWidthHangulConsonants[c - '\uFFA0'],
        >= '\uFFC2' and <= '\uFFC7' => (char)(c - '\uFFC2' + '\u1161'),
        >= '\uFFCA' and <= '\uFFCF' => (char)(c - '\uFFCA' + '\u1167'),
        >= '\uFFD2' and <= '\uFFD7' => (char)(c - '\uFFD2' + '\u116D'),
        >= '\uFFDA' and <= '\uFFDC' => (char)(c - '\uFFDA' + '\u1173'),
        >= '\uFFE0' and <= '\uFFEE' => "¢£¬\uFFE3¦¥₩\uFFE7│←↑→↓■○"[c - '\uFFE0'],
        _ => c,
    };
}
