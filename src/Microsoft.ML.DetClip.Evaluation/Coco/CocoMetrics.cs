using System.Globalization;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>COCO's metrics of a detector. Each is 0 to 1, and −1 where there is nothing to find (no object of that size, say).</summary>
/// <remarks>
/// AP is precision averaged over 101 recalls, over IoU thresholds and over categories; AR is the greatest recall averaged over thresholds and categories.
/// Unless said otherwise at most 100 detections count for each image and category, and thresholds are 0.50 to 0.95 in steps of 0.05.
/// </remarks>
public sealed record CocoMetrics
{
    /// <summary>Average precision; the number meant by "COCO mAP".</summary>
    public required double AP { get; init; }

    /// <summary>AP at an IoU of at least 0.50.</summary>
    public required double AP50 { get; init; }

    /// <summary>AP at an IoU of at least 0.75.</summary>
    public required double AP75 { get; init; }

    /// <summary>AP of objects up to 32² pixels.</summary>
    public required double APSmall { get; init; }

    /// <summary>AP of objects from 32² to 96² pixels.</summary>
    public required double APMedium { get; init; }

    /// <summary>AP of objects from 96² pixels.</summary>
    public required double APLarge { get; init; }

    /// <summary>Average recall when one detection counts for each image and category.</summary>
    public required double AR1 { get; init; }

    /// <summary>Average recall when ten detections count for each image and category.</summary>
    public required double AR10 { get; init; }

    /// <summary>Average recall when a hundred detections count for each image and category.</summary>
    public required double AR100 { get; init; }

    /// <summary>AR100 of objects up to 32² pixels.</summary>
    public required double ARSmall { get; init; }

    /// <summary>AR100 of objects from 32² to 96² pixels.</summary>
    public required double ARMedium { get; init; }

    /// <summary>AR100 of objects from 96² pixels.</summary>
    public required double ARLarge { get; init; }

    /// <summary>AP at each threshold of 0.50, 0.55, … 0.95.</summary>
    public required IReadOnlyList<double> APByIou { get; init; }

    /// <summary>AR100 at each threshold of 0.50, 0.55, … 0.95.</summary>
    public required IReadOnlyList<double> ARByIou { get; init; }

    /// <summary>One entry for each category measured, by id; empty when categories did not count.</summary>
    public required IReadOnlyList<CocoCategoryMetrics> Categories { get; init; }

    /// <summary>The twelve lines that the official code prints.</summary>
    public override string ToString() => string.Join('\n',
        Line("Precision", "AP", "0.50:0.95", "all", 100, AP),
        Line("Precision", "AP", "0.50", "all", 100, AP50),
        Line("Precision", "AP", "0.75", "all", 100, AP75),
        Line("Precision", "AP", "0.50:0.95", "small", 100, APSmall),
        Line("Precision", "AP", "0.50:0.95", "medium", 100, APMedium),
        Line("Precision", "AP", "0.50:0.95", "large", 100, APLarge),
        Line("Recall", "AR", "0.50:0.95", "all", 1, AR1),
        Line("Recall", "AR", "0.50:0.95", "all", 10, AR10),
        Line("Recall", "AR", "0.50:0.95", "all", 100, AR100),
        Line("Recall", "AR", "0.50:0.95", "small", 100, ARSmall),
        Line("Recall", "AR", "0.50:0.95", "medium", 100, ARMedium),
        Line("Recall", "AR", "0.50:0.95", "large", 100, ARLarge));

    private static string Line(string name, string letters, string iou, string area, int maxDetections, double value) =>
        $" Average {name,-10} ({letters}) @[ IoU={iou,-9} | area={area,6} | maxDets={maxDetections,3} ] = {ThreeDecimals(value)}";

    /// <summary>As Python rounds: half to even, and half means exactly so, which at three decimals only odd sixteenths are.</summary>
    private static string ThreeDecimals(double value) =>
        (double.IsInteger(16 * value) ? Math.Round(value, 3, MidpointRounding.ToEven) : value).ToString("F3", CultureInfo.InvariantCulture);
}
