namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What one pass over a data set needs and finds besides its samples.</summary>
internal sealed class ReadLog(string path, DatasetReadOptions options)
{
    private string _path = path;
    private int _clippedBoxes;
    private ReadReport? _further;

    public string Path => _path;

    public DatasetReadOptions Options => options;

    /// <summary>Takes what is wrong with records.</summary>
    public RecordProblems Problems { get; } = new(path, options.OnInvalidRecord);

    /// <summary>The categories, those without objects included; the reader of the format adds them.</summary>
    public List<DatasetCategory> Categories { get; } = [];

    public ReadReport Report => _further is null ? Problems.ToReport(_clippedBoxes) : Problems.ToReport(_clippedBoxes).Plus(_further);

    /// <summary>The same, for the file that is meant by a folder.</summary>
    public ReadLog At(string file)
    {
        _path = file;
        Problems.MoveTo(file);
        return this;
    }

    /// <summary>Adds what was found in a second file of the data set.</summary>
    public void Add(ReadReport further) => _further = further;

    /// <summary>Cuts a box at its image's border.</summary>
    /// <returns>What is wrong with it; null when it has an area inside the image.</returns>
    public string? Fit(double x0, double y0, double x1, double y1, int width, int height, out Box box)
    {
        var corners = new Box((float)x0, (float)y0, (float)x1, (float)y1);
        box = default;
        if (!float.IsFinite(corners.X0 + corners.Y0 + corners.X1 + corners.Y1)) return FormattableString.Invariant($"the box ({x0}, {y0}, {x1}, {y1}) is not finite");
        if (corners.Width <= 0 || corners.Height <= 0) return FormattableString.Invariant($"the box ({x0}, {y0}, {x1}, {y1}) has no area");
        box = corners.ClipTo(width, height);
        if (box.Area <= 0) return FormattableString.Invariant($"the box ({x0}, {y0}, {x1}, {y1}) lies outside its image of {width} × {height} pixels");
        if (box != corners) _clippedBoxes++;
        return null;
    }
}
