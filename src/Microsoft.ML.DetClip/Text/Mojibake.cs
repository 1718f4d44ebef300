using System.Text;

namespace Microsoft.ML.DetClip;

/// <summary>Repairs UTF-8 that was once read as Windows-1252: "cafÃ©" becomes "café".</summary>
/// <remarks>
/// The common kind of what ftfy repairs, found by a rule of our own. A unit is a group of characters whose bytes are one multi-byte UTF-8 character;
/// units are decoded where they can hardly be meant as they stand. Not repaired: other code pages, and a no-break space that has become a space.
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
        StringBuilder? result = null;
        var copied = 0;
        for (var start = 0; start < text.Length; start++)
        {
            var run = Run.ReadFrom(text, start);
            if (run.Units == 0) continue;
            var end = start + run.Length;
            if (run.Units > 1 || IsConvincing(text, start, end))
            {
                result ??= new StringBuilder(text.Length);
                result.Append(text, copied, start - copied).Append(run.Decoded);
                copied = end;
            }
            start = end - 1;
        }
        return result?.Append(text, copied, text.Length - copied).ToString();
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
            (_, 2) => isInsideWord,
            _ => false,
        };
    }

    /// <summary>Adjacent units, from a place on.</summary>
    private readonly record struct Run(int Units, int Length, string Decoded)
    {
        public static Run ReadFrom(string text, int start)
        {
            var decoded = "";
            var (units, length) = (0, 0);
            while (ReadUnit(text.AsSpan(start + length), out var rune) is > 0 and var taken)
            {
                decoded += rune.ToString();
                length += taken;
                units++;
            }
            return new(units, length, decoded);
        }

        /// <summary>Number of characters in the unit that the text starts with; 0 where it starts with none.</summary>
        private static int ReadUnit(ReadOnlySpan<char> text, out Rune rune)
        {
            rune = default;
            Span<byte> bytes = stackalloc byte[4];
            var length = 0;
            while (length < Math.Min(text.Length, bytes.Length) && Windows1252.ToByte(text[length]) is >= 0x80 and var value) bytes[length++] = (byte)value;
            var status = Rune.DecodeFromUtf8(bytes[..length], out rune, out var taken);
            return status == System.Buffers.OperationStatus.Done ? taken : 0;
        }
    }
}
