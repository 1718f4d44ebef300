namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>How far scores are from the share of detections that is right: the expected calibration error (Naeini et al. 2015; Guo et al. 2017, eq. 3).</summary>
internal static class Reliability
{
    /// <summary>Detections in bins of equal width from 0 to 1.</summary>
    public static IReadOnlyList<CalibrationBin> Bins(IReadOnlyList<(float Score, bool IsRight)> detections, int count)
    {
        var groups = detections.ToLookup(d => Math.Min(count - 1, (int)((double)d.Score * count)));
        return [.. Enumerable.Range(0, count).Select(b => new CalibrationBin(
            (double)b / count, (b + 1.0) / count, groups[b].Count(),
            groups[b].Select(d => (double)d.Score).DefaultIfEmpty().Average(), groups[b].Select(d => d.IsRight ? 1.0 : 0).DefaultIfEmpty().Average()))];
    }

    /// <summary>Mean difference of score and precision over the bins, each weighted by its detections: 0 to 1; 0 where there are none.</summary>
    public static double Error(IReadOnlyList<CalibrationBin> bins)
    {
        var all = bins.Sum(bin => bin.Count);
        return all == 0 ? 0 : bins.Sum(bin => bin.Count * Math.Abs(bin.MeanScore - bin.Precision)) / all;
    }
}
