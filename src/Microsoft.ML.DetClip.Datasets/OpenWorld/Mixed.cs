namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Seeds of independent random sequences.</summary>
internal static class Mixed
{
    /// <summary>A seed that neighbouring numbers do not share anything of (Steele et al. 2014, SplitMix64).</summary>
    public static int Seed(int seed, int number)
    {
        var mixed = ((ulong)(uint)seed << 32 | (uint)number) + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        return (int)(mixed ^ mixed >> 31) & int.MaxValue;
    }
}
