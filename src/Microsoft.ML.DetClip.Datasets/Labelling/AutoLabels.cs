namespace Microsoft.ML.DetClip.Datasets;

/// <summary>An image that could not be labelled.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Reason">What is wrong with it: a sentence.</param>
public sealed record SkippedImage(string Path, string Reason);

/// <summary>A data set that a detector labelled, what people labelled before included.</summary>
public sealed record AutoLabels
{
    /// <summary>Existing samples in their order, with what was found behind their own boxes, then the other images in the order of their paths.</summary>
    public required IReadOnlyList<DatasetSample> Samples { get; init; }

    /// <summary>Existing categories, then the ontology's labels that are not among them.</summary>
    public required IReadOnlyList<DatasetCategory> Categories { get; init; }

    /// <summary>Images that could not be read; existing samples of them are kept as they were.</summary>
    public required IReadOnlyList<SkippedImage> Skipped { get; init; }

    /// <summary>Boxes that the detector added.</summary>
    public required int FoundCount { get; init; }

    /// <summary>Those of them that are marked for review.</summary>
    public required int ForReviewCount { get; init; }

    /// <summary>Boxes that the detector found and that existing boxes, or notes of what is absent, speak against.</summary>
    public required int CoveredCount { get; init; }

    /// <summary>Where <see cref="Write"/> lists what shall be reviewed, for a format that cannot mark it; null for one that can.</summary>
    /// <param name="format">Of the data set.</param>
    /// <param name="path">Where the data set is written.</param>
    public static string? ReviewListOf(DatasetFormat format, string path)
    {
        ArgumentNullException.ThrowIfNull(format);
        if ((format.Holds & DatasetContent.ReviewMarks) != 0) return null;
        return format.PathKind == "FOLDER" ? Path.Combine(path, "review.csv") : Path.ChangeExtension(path, ".review.csv");
    }

    /// <summary>Writes the data set. Label Studio gets boxes for review as predictions, VoTT with a tag "review", Pascal VOC as difficult; beside every other format there is a list of them.</summary>
    /// <param name="format">One that is written.</param>
    /// <param name="path">A file to make or replace, or a folder for files that are not there yet, as the format has it.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>What the format cannot hold and was dropped; see <see cref="DatasetFormat.Write"/>.</returns>
    /// <exception cref="NotSupportedException">The format is read only.</exception>
    /// <exception cref="InvalidDataException">The data set cannot be written so, such as two images of one name; nothing is written.</exception>
    public IReadOnlyList<string> Write(DatasetFormat format, string path, DatasetWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(format);
        var list = ForReviewCount > 0 ? ReviewListOf(format, path) : null;
        var written = list is null ? Samples : [.. Samples.Select(sample => sample with { NeedsReview = [] })];
        var dropped = format.Write(path, written, Categories, options);
        if (list is not null) ReviewList.Write(list, new(path, Samples, Categories, options ?? new()));
        return dropped;
    }
}
