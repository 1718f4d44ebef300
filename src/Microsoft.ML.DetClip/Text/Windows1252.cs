namespace Microsoft.ML.DetClip;

/// <summary>The code page that most misread text went through; bytes without a character keep their number, as browsers have it.</summary>
internal static class Windows1252
{
    private const string From80To9F = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    /// <summary>The character of a byte.</summary>
    public static char ToChar(byte value) => value is >= 0x80 and < 0xA0 ? From80To9F[value - 0x80] : (char)value;

    /// <summary>The byte of a character, or −1. Control characters U+0080 to U+009F are taken for bytes that were never decoded.</summary>
    public static int ToByte(char value)
    {
        if (value <= 0xFF) return value;
        var index = From80To9F.IndexOf(value);
        return index < 0 ? -1 : 0x80 + index;
    }
}
