namespace Microsoft.ML.DetClip.Datasets.Tests;

/// <summary>Damages files by chance, and sees to it that readers take it well.</summary>
internal static class Mutation
{
    private static readonly byte[][] Tokens =
    [
        "-1"u8.ToArray(), "NaN"u8.ToArray(), "1e999"u8.ToArray(), "null"u8.ToArray(), "{"u8.ToArray(), "[["u8.ToArray(), "\""u8.ToArray(), "\\ud800"u8.ToArray(), "../../"u8.ToArray(),
        "99999999999999999999"u8.ToArray(), "0"u8.ToArray(), "\n"u8.ToArray(), "\t"u8.ToArray(), "</object>"u8.ToArray(), "<!DOCTYPE a [<!ENTITY b 'c'>]>"u8.ToArray(), [0xFF, 0xFE], [0], [0x7F, 0xFF, 0xFF, 0xFF],
    ];

    /// <summary>Changes, removes, doubles or inserts something, or cuts off the end.</summary>
    public static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var change = random.Next(1, 5); change > 0 && bytes.Count > 1; change--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]); break;
                case 5: bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : 1); break;
                default: ReplaceNumber(bytes, at, random); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Reads to the end, in both ways to meet wrong records.</summary>
    /// <returns>Whether reading came to its end.</returns>
    /// <exception cref="InvalidOperationException">An exception that the readers do not document.</exception>
    public static bool Survives(DatasetFormat format, string path, DatasetReadOptions options)
    {
        try
        {
            foreach (var sample in format.Read(path, options)) Check(sample);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return false;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{format}: {e.GetType().Name} is not what readers document.", e);
        }
    }

    private static void Check(DatasetSample sample)
    {
        if (sample.Boxes.Count != sample.Labels.Count || sample.Boxes.Count != sample.IsCrowd.Count) throw new InvalidOperationException("Lists differ in length.");
        if (sample.Boxes.Any(b => !(b.Area > 0 && b.X0 >= 0 && b.Y0 >= 0 && b.X1 <= sample.Width && b.Y1 <= sample.Height))) throw new InvalidOperationException($"A box leaves its image: {sample}.");
        if (sample.Labels.Any(string.IsNullOrWhiteSpace)) throw new InvalidOperationException("A label is empty.");
    }

    private static void ReplaceNumber(List<byte> bytes, int from, Random random)
    {
        var start = bytes.FindIndex(from, b => b is >= (byte)'0' and <= (byte)'9');
        if (start < 0) return;
        var end = bytes.FindIndex(start, b => b is not (>= (byte)'0' and <= (byte)'9'));
        bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
        bytes.InsertRange(start, Tokens[random.Next(Tokens.Length)]);
    }
}
