using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Evaluation;

namespace Evaluate;

/// <summary>An image and what is known of it, in the columns that evaluation looks for.</summary>
internal sealed class LabelledImage
{
    public string ImagePath { get; set; } = "";

    public string[] Labels { get; set; } = [];

    /// <summary>x0, y0, x1, y1 of each label, in pixels.</summary>
    public float[] BoundingBoxes { get; set; } = [];

    public bool[] IsCrowd { get; set; } = [];

    /// <summary>LVIS: what is known not to be there. A detection of it counts as wrong; of what nobody looked for, it does not count.</summary>
    public string[] AbsentLabels { get; set; } = [];

    /// <summary>LVIS: what is there more often than it has boxes.</summary>
    public string[] PartlyAnnotatedLabels { get; set; } = [];

    public static LabelledImage From(DatasetSample sample) => new()
    {
        ImagePath = sample.ImagePath,
        Labels = [.. sample.Labels],
        BoundingBoxes = [.. sample.Boxes.SelectMany(box => (float[])[box.X0, box.Y0, box.X1, box.Y1])],
        IsCrowd = [.. sample.IsCrowd],
        AbsentLabels = [.. sample.AbsentLabels],
        PartlyAnnotatedLabels = [.. sample.PartialLabels],
    };

    /// <summary>How frequent each category is in LVIS's training images; empty where a data set does not say.</summary>
    public static Dictionary<string, LvisFrequency> Frequencies(IEnumerable<DatasetCategory> categories) => categories
        .Where(c => c.Frequency is not null)
        .ToDictionary(c => c.Name, c => c.Frequency switch
        {
            "r" => LvisFrequency.Rare,
            "c" => LvisFrequency.Common,
            _ => LvisFrequency.Frequent,
        });
}
