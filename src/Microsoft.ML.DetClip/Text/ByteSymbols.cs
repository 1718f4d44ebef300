namespace Microsoft.ML.DetClip;

/// <summary>The printable character that stands for each byte in byte-level BPE, so that every text has symbols and none is unknown (GPT-2, section 2.2).</summary>
internal static class ByteSymbols
{
    /// <summary>Marks the last symbol of a word.</summary>
    public const string EndOfWord = "</w>";

    /// <summary>Number of ids before the first merge's: 256 bytes, then 256 bytes that end a word.</summary>
    public const int Count = 512;

    private static readonly byte[] ByteOfId = [.. Enumerable.Range(0, 256).OrderBy(b => !IsPrintable(b)).Select(b => (byte)b)];
    private static readonly char[] SymbolOfByte = MakeSymbols();
    private static readonly Dictionary<char, byte> ByteOfSymbol = Enumerable.Range(0, 256).ToDictionary(b => SymbolOfByte[b], b => (byte)b);

    /// <summary>The symbols of ids 0 to 511, in order.</summary>
    public static IEnumerable<string> InOrderOfIds =>
        ByteOfId.Select(b => SymbolOfByte[b].ToString()).Concat(ByteOfId.Select(b => SymbolOfByte[b] + EndOfWord));

    /// <summary>Id of a byte inside a word, 0 to 255; add 256 where it ends the word.</summary>
    public static int IdOf(byte value) => IdOfByte[value];

    /// <summary>The byte that a character stands for.</summary>
    public static byte ByteOf(char symbol) => ByteOfSymbol[symbol];

    private static readonly int[] IdOfByte = MakeIds();

    // Bytes that Latin-1 prints stand for themselves and come first; the others borrow characters from 256 on.
    private static bool IsPrintable(int value) => value is >= '!' and <= '~' or >= '¡' and <= '¬' or >= '®' and <= 'ÿ';

    private static char[] MakeSymbols()
    {
        var symbols = new char[256];
        var borrowed = (char)256;
        foreach (var value in ByteOfId) symbols[value] = IsPrintable(value) ? (char)value : borrowed++;
        return symbols;
    }

    private static int[] MakeIds()
    {
        var ids = new int[256];
        for (var id = 0; id < ids.Length; id++) ids[ByteOfId[id]] = id;
        return ids;
    }
}
