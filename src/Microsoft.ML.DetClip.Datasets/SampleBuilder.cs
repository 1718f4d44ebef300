namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Collects the objects of one image.</summary>
internal sealed class SampleBuilder(long imageId, string path, int width, int height)
{
    private readonly List<Box> _boxes = [];
    private readonly List<string> _labels = [];
    private readonly List<bool> _isCrowd = [];

    private readonly List<bool> _needsReview = [];

    public int Width => width;

    public int Height => height;

    public void Add(Box box, string label, bool isCrowd = false, bool needsReview = false)
    {
        _boxes.Add(box);
        _labels.Add(label);
        _isCrowd.Add(isCrowd);
        _needsReview.Add(needsReview);
    }

    public DatasetSample ToSample(DatasetSampleKind kind = DatasetSampleKind.Detection, string caption = "") => new()
    {
        ImageId = imageId, Kind = kind, ImagePath = path, Width = width, Height = height, Caption = caption,
        Boxes = [.. _boxes], Labels = [.. _labels], IsCrowd = [.. _isCrowd], NeedsReview = _needsReview.Contains(true) ? [.. _needsReview] : [],
    };
}
