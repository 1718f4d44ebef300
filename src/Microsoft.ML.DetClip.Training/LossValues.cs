namespace Microsoft.ML.DetClip.Training;

/// <summary>The loss of a step as numbers; a part that the step's kind does not have is 0.</summary>
/// <param name="Total">What is minimised.</param>
internal readonly record struct LossValues(double Total)
{
    /// <summary>Alignment of regions and concepts.</summary>
    public double Alignment { get; init; }

    /// <summary>GIoU of boxes.</summary>
    public double Boxes { get; init; }

    /// <summary>Centerness.</summary>
    public double Centerness { get; init; }

    /// <summary>What ranks proposals.</summary>
    public double Proposals { get; init; }

    /// <summary>Contrast of pairs.</summary>
    public double Pairs { get; init; }

    /// <summary>Share of pairs found; no loss.</summary>
    public double PairAccuracy { get; init; }

    /// <summary>The part that is infinite or no number, as messages call it, and its value; null when all are finite.</summary>
    public (string Name, double Value)? NonFinite
    {
        get
        {
            (string Name, double Value)[] parts =
            [
                ("alignment loss", Alignment), ("box loss", Boxes), ("centerness loss", Centerness), ("proposal loss", Proposals), ("pair loss", Pairs), ("total loss", Total),
            ];
            foreach (var part in parts)
                if (!double.IsFinite(part.Value)) return part;
            return null;
        }
    }

    /// <summary>Adds a share of another step's loss.</summary>
    public LossValues Plus(LossValues other, double share) => new(Total + share * other.Total)
    {
        Alignment = Alignment + share * other.Alignment,
        Boxes = Boxes + share * other.Boxes,
        Centerness = Centerness + share * other.Centerness,
        Proposals = Proposals + share * other.Proposals,
        Pairs = Pairs + share * other.Pairs,
        PairAccuracy = PairAccuracy + share * other.PairAccuracy,
    };
}
