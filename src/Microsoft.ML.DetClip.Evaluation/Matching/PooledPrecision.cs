namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Pooled AP: detections are matched category by category, then make one precision-recall curve together, so that scores must be comparable between
/// categories. Dave et al. 2021, "Evaluating Large-Vocabulary Object Detectors: The Devil is in the Details".</summary>
internal static class PooledPrecision
{
    private const double Nothing = -1;

    /// <summary>AP over IoU thresholds; −1 when the categories have nothing to find.</summary>
    /// <param name="categories">What was right in each, in the order of their ids.</param>
    public static double Average(IReadOnlyList<CategoryMatches> categories)
    {
        var positives = categories.Sum(category => category.Positives);
        if (positives == 0) return Nothing;
        var rows = Rows(categories);
        return PairwiseMean.Of(new PrecisionRecall().Precision(
            Order(rows), Array.ConvertAll(rows, row => row.Matched), Array.ConvertAll(rows, row => row.Ignored), positives, EvaluationGrid.IouThresholds.Length));
    }

    private static PooledRow[] Rows(IReadOnlyList<CategoryMatches> categories)
    {
        var rows = new PooledRow[categories.Sum(category => category.Scores.Length)];
        var next = 0;
        for (var c = 0; c < categories.Count; c++)
        {
            var (scores, images, matched, ignored, _) = categories[c];
            for (var i = 0; i < scores.Length; i++) rows[next++] = new(scores[i], images[i], c, i, matched[i], ignored[i]);
        }
        return rows;
    }

    private static int[] Order(PooledRow[] rows)
    {
        var order = new int[rows.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) => rows[a].CompareTo(rows[b]));
        return order;
    }

    /// <summary>Score downwards; equal scores in the official order: image, category, place in the image.</summary>
    private readonly record struct PooledRow(double Score, int Image, int Category, int Index, uint Matched, uint Ignored) : IComparable<PooledRow>
    {
        public int CompareTo(PooledRow other)
        {
            if (Score != other.Score) return other.Score.CompareTo(Score);
            if (Image != other.Image) return Image.CompareTo(other.Image);
            return Category != other.Category ? Category.CompareTo(other.Category) : Index.CompareTo(other.Index);
        }
    }
}
