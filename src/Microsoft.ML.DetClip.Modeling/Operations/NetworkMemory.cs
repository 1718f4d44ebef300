namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What running a network takes, counted: results that exist at the same time, as 32-bit floats. See <see cref="DetectorMemory"/>.</summary>
internal static class NetworkMemory
{
    private const int ManyConcepts = 10_000;

    /// <summary>The memory of detecting in one image of that size, for each of its pixels.</summary>
    /// <param name="network">The network; nothing is computed.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="maxRegions">The most regions of an image.</param>
    public static DetectorMemory Of(DetClipNetwork network, int height, int width, int maxRegions)
    {
        long Peak(int concepts)
        {
            var ops = new CostOps();
            network.Detect(ops, new(1, 3, height, width), new(concepts, ConceptSimilarity.OutputWidth(network.Config.Similarity, network.Config.EmbeddingWidth)), maxRegions);
            return sizeof(float) * ops.PeakElements;
        }
        double pixels = (long)height * width;
        // Of many concepts the products are the peak, of few something before them: the sum of both lines is never below.
        return new(Math.Round(Peak(1) / pixels, 2), Math.Round((Peak(2 * ManyConcepts) - Peak(ManyConcepts)) / (ManyConcepts * pixels), 4));
    }
}
