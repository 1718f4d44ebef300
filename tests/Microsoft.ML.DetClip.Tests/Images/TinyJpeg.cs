namespace Microsoft.ML.DetClip.Tests;

/// <summary>Writes what SkiaSharp cannot: JPEGs of one flat block with any number of components, and EXIF orientations.</summary>
internal static class TinyJpeg
{
    private const int CodeLength = 4; // every DC size category gets a code of 4 bits: its own number

    /// <summary>An 8×8 baseline JPEG of one colour; 1 component is gray, 4 are inverted CMYK as Adobe writes it.</summary>
    public static byte[] Flat(params byte[] components)
    {
        byte[] ids = [.. Enumerable.Range(1, components.Length).Select(i => (byte)i)];
        return
        [
            0xFF, 0xD8,
            .. components.Length == 4 ? Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]) : [],
            .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]),
            .. Segment(0xC0, [8, 0, 8, 0, 8, (byte)ids.Length, .. ids.SelectMany(id => new byte[] { id, 0x11, 0 })]),
            .. Segment(0xC4, [0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Enumerable.Range(0, 12).Select(i => (byte)i)]),
            .. Segment(0xC4, [0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            .. Segment(0xDA, [(byte)ids.Length, .. ids.SelectMany(id => new byte[] { id, 0 }), 0, 63, 0]),
            .. Pack(string.Concat(components.Select(Block))),
            0xFF, 0xD9,
        ];
    }

    /// <summary>The same JPEG with an EXIF segment that holds nothing but the orientation, 1 to 8.</summary>
    public static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] tiff = [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], .. Segment(0xE1, [.. "Exif"u8, 0, 0, .. tiff]), .. jpeg[2..]];
    }

    private static byte[] Segment(byte marker, byte[] content) =>
        [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    // The mean of a block, times 8, by size category and value; then "end of block", whose code is 0.
    private static string Block(byte value)
    {
        var dc = (value - 128) * 8;
        var size = dc == 0 ? 0 : (int)Math.Log2(Math.Abs(dc)) + 1;
        var bits = dc >= 0 ? dc : dc + (1 << size) - 1;
        return Bits(size, CodeLength) + (size == 0 ? "" : Bits(bits, size)) + "0";
    }

    private static string Bits(int value, int count) => Convert.ToString(value, 2).PadLeft(count, '0');

    private static IEnumerable<byte> Pack(string bits) => bits.Chunk(8)
        .Select(chunk => Convert.ToByte(new string(chunk).PadRight(8, '1'), 2))
        .SelectMany(b => b == 0xFF ? new byte[] { 0xFF, 0 } : [b]);
}
