namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Gives each detection of an image its truth: greedily, the best detection first, as COCO does.</summary>
/// <remarks>D detections and G truths of the image. Holds scratch memory: one matcher for each thread.</remarks>
internal sealed class ImageMatcher(double[] iouThresholds, AreaRange[] areaRanges)
{
    private const int None = -1;
    private readonly double[] _leastIou = Array.ConvertAll(iouThresholds, t => Math.Min(t, 1 - 1e-10)); // equal boxes may have an IoU just below 1
    private readonly uint _everyThreshold = uint.MaxValue >> (32 - iouThresholds.Length);
    private double[] _iou = [];      // [D·G]
    private double[] _highestIou = []; // [D]
    private int[] _order = [];       // [G] truths that count, then truths that do not
    private uint[] _taken = [];      // [G] bit t: taken at threshold t

    /// <summary>Matches all images of a category.</summary>
    public MatchTable Match(CategoryBoxes boxes)
    {
        var table = new MatchTable(boxes, areaRanges.Length);
        foreach (var image in boxes.Images)
        {
            var detections = boxes.Detections.AsSpan(image.FirstDetection, image.DetectionCount);
            var truths = boxes.Truths.AsSpan(image.FirstTruth, image.TruthCount);
            Overlap(detections, truths);
            for (var range = 0; range < areaRanges.Length; range++)
                MatchImage(detections, truths, range, table, image);
        }
        return table;
    }

    private void Overlap(ReadOnlySpan<DetectionResult> detections, ReadOnlySpan<GroundTruthBox> truths)
    {
        Reserve(detections.Length, truths.Length);
        for (var d = 0; d < detections.Length; d++)
        {
            var highest = 0.0;
            for (var g = 0; g < truths.Length; g++)
            {
                var iou = BoxOverlap.IoU(detections[d], truths[g]);
                _iou[d * truths.Length + g] = iou;
                highest = Math.Max(highest, iou);
            }
            _highestIou[d] = highest;
        }
    }

    private void MatchImage(ReadOnlySpan<DetectionResult> detections, ReadOnlySpan<GroundTruthBox> truths, int range, MatchTable table, ImageBoxes image)
    {
        var counting = OrderTruths(truths, areaRanges[range]);
        table.Positives[range] += counting;
        Array.Clear(_taken, 0, truths.Length);
        var matchedRows = table.Matched(range).Slice(image.FirstDetection, detections.Length);
        var ignoredRows = table.Ignored(range).Slice(image.FirstDetection, detections.Length);
        for (var d = 0; d < detections.Length; d++)
        {
            var (matched, ignored) = MatchDetection(d, truths, counting);
            if (image.StraysAreIgnored || !areaRanges[range].Contains(detections[d].Width * detections[d].Height)) ignored |= ~matched & _everyThreshold;
            (matchedRows[d], ignoredRows[d]) = (matched, ignored);
        }
    }

    /// <summary>Puts truths that count before those that do not: crowds, ignored objects, and objects of another size.</summary>
    /// <returns>How many count.</returns>
    private int OrderTruths(ReadOnlySpan<GroundTruthBox> truths, AreaRange range)
    {
        var counting = 0;
        for (var g = 0; g < truths.Length; g++)
            if (Counts(truths[g], range)) _order[counting++] = g;
        var next = counting;
        for (var g = 0; g < truths.Length; g++)
            if (!Counts(truths[g], range)) _order[next++] = g;
        return counting;
    }

    private static bool Counts(in GroundTruthBox truth, AreaRange range) => !truth.IsCrowd && !truth.IsIgnored && range.Contains(truth.Area);

    private (uint Matched, uint Ignored) MatchDetection(int d, ReadOnlySpan<GroundTruthBox> truths, int counting)
    {
        var (matched, ignored) = (0u, 0u);
        for (var t = 0; t < _leastIou.Length && _highestIou[d] >= _leastIou[t]; t++)
        {
            var place = FindTruth(_iou.AsSpan(d * truths.Length, truths.Length), truths, counting, t);
            if (place == None) continue;
            var g = _order[place];
            _taken[g] |= 1u << t;
            if (place >= counting) ignored |= 1u << t;
            if (truths[g].Id != 0) matched |= 1u << t; // the official code marks a match by the annotation's id, so 0 reads as none
        }
        return (matched, ignored);
    }

    /// <summary>The truth of highest IoU that is still free; of equal ones the last; one that does not count only if none that counts will do.</summary>
    /// <returns>A place in the order of truths, or <see cref="None"/>.</returns>
    private int FindTruth(ReadOnlySpan<double> iou, ReadOnlySpan<GroundTruthBox> truths, int counting, int threshold)
    {
        var (best, found) = (_leastIou[threshold], None);
        for (var place = 0; place < truths.Length; place++)
        {
            if (place == counting && found != None) break;
            var g = _order[place];
            if (iou[g] < best) continue;
            if ((_taken[g] >> threshold & 1) != 0 && !truths[g].IsCrowd) continue;
            (best, found) = (iou[g], place);
        }
        return found;
    }

    private void Reserve(int detections, int truths)
    {
        if (_iou.Length < detections * truths) _iou = new double[2 * detections * truths];
        if (_highestIou.Length < detections) _highestIou = new double[2 * detections];
        if (_order.Length >= truths) return;
        _order = new int[2 * truths];
        _taken = new uint[2 * truths];
    }
}
