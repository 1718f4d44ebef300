using System.Buffers;
using System.Text;

namespace Microsoft.ML.DetClip;

/// <summary>Repairs UTF-8 that was once read as Windows-1252: "cafÃ©" becomes "café".</summary>
/// <remarks>
/// The common kind of what ftfy repairs, found by a rule of our own. A unit is a group of characters whose bytes are one multi-byte UTF-8 character;
/// units are decoded where they can hardly be meant as they stand, or where another of them is not meant and the text has no other characters beyond
/// ASCII. Not repaired: other code pages, and a no-break space that has become a space.
/// </remarks>
internal static class Mojibake
{
    /// <summary>Decodes convincing units until none is left: text may have been misread more than once.</summary>
    public static string Repair(string text)
    {
        while (RepairOnce(text) is { } repaired) text = repaired;
        return text;
    }

    private static string? RepairOnce(string text)
    {
        if (Ascii.IsValid(text)) return null;
        var runs = FindRuns(text);
        var convincing = runs.Where(run => run.Units > 1 || IsConvincing(text, run.Start, run.End)).ToList();
        if (convincing.Count == 0) return null;
        var isAllMisread = runs.Sum(run => run.Length) == text.Count(c => !char.IsAscii(c));
        return Replace(text, isAllMisread ? runs : convincing);
    }

    private static List<Run> FindRuns(string text)
    {
        var runs = new List<Run>();
        for (var i = 0; i < text.Length; i++)
        {
            if (Run.ReadFrom(text, i) is not { Units: > 0 } run) continue;
            runs.Add(run);
            i = run.End - 1;
        }
        return runs;
    }

    private static string Replace(string text, List<Run> runs)
    {
        var result = new StringBuilder(text.Length);
        var copied = 0;
        foreach (var run in runs)
        {
            result.Append(text, copied, run.Start - copied).Append(run.Decoded);
            copied = run.End;
        }
        return result.Append(text, copied, text.Length - copied).ToString();
    }

    // A lone unit may be meant: "CAFÉ”" ends in one, and so does "le café…”".
    private static bool IsConvincing(string text, int start, int end)
    {
        var isInsideWord = start > 0 && char.IsAsciiLetterLower(text[start - 1]);
        var isBeforeLetter = end < text.Length && char.IsLetter(text[end]);
        return (text[start], end - start) switch
        {
            (_, 4) => true,                                             // emoji
            ('â', _) => true,                                           // dashes, quotes, bullets: "â€™"
            ('ï', _) => text[start + 1] is '»' or '¿',                  // byte-order mark, replacement character
            ('Â' or 'Ã', _) => true,                                    // Latin-1: "Â©", "Ã©"
            ('Ä' or 'Å', _) => isInsideWord || isBeforeLetter,          // Latin Extended-A: "GdaÅ„sk"
            ('È', _) => isInsideWord && isBeforeLetter,                 // Romanian: "BucureÈ™ti"
            _ => false,
        };
    }

    /// <summary>Adjacent units, from a place on.</summary>
    private readonly record struct Run(int Start, int Length, int Units, string Decoded)
    {
        public int End => Start + Length;

        public static Run ReadFrom(string text, int start)
        {
            StringBuilder? decoded = null;
            var (units, length) = (0, 0);
            while (ReadUnit(text.AsSpan(start + length), out var rune) is > 0 and var taken)
            {
                (decoded ??= new()).Append(rune.ToString());
                length += taken;
                units++;
            }
            return new(start, length, units, decoded?.ToString() ?? "");
        }

        /// <summary>Number of characters in the unit that the text starts with; 0 where it starts with none.</summary>
        private static int ReadUnit(ReadOnlySpan<char> text, out Rune rune)
        {
            rune = default;
            Span<byte> bytes = stackalloc byte[4];
            var length = 0;
            while (length < Math.Min(text.Length, bytes.Length) && Windows1252.ToByte(text[length]) is >= 0x80 and var value) bytes[length++] = (byte)value;
            var status = Rune.DecodeFromUtf8(bytes[..length], out rune, out var taken);
            return status == OperationStatus.Done ? taken : 0;
        }
    }
}
