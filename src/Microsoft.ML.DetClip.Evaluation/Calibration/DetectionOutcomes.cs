namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Which detections of a validation set are right, and what was found where there is nothing.</summary>
/// <remarks>K labels. An object is given to one detection, the best score first, as COCO does; what lies in a crowd, and strays of labels that are not boxed throughout, count for nothing.</remarks>
internal sealed class DetectionOutcomes
{
    private readonly Dictionary<string, int> _places;
    private readonly double _leastIoU;
    private readonly List<(float Score, bool IsRight)>[] _detections; // [K]
    private readonly List<float>[] _strays;                           // [K] highest score of each image without the label, where there is one
    private readonly int[] _objects, _absentImages;                   // [K]

    /// <param name="labels">What the detector looks for.</param>
    /// <param name="leastIoU">Overlap of a right detection.</param>
    public DetectionOutcomes(IReadOnlyList<string> labels, double leastIoU)
    {
        (Labels, _leastIoU) = (labels, leastIoU);
        _places = labels.Index().ToDictionary(l => l.Item, l => l.Index);
        _detections = [.. labels.Select(_ => new List<(float, bool)>())];
        _strays = [.. labels.Select(_ => new List<float>())];
        (_objects, _absentImages) = (new int[labels.Count], new int[labels.Count]);
    }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>Images added so far.</summary>
    public int ImageCount { get; private set; }

    /// <summary>Detections of a label, right and wrong.</summary>
    public IReadOnlyList<(float Score, bool IsRight)> Of(int label) => _detections[label];

    /// <summary>Objects of a label, crowds aside.</summary>
    public int ObjectsOf(int label) => _objects[label];

    /// <summary>Images without the label.</summary>
    public int AbsentImagesOf(int label) => _absentImages[label];

    /// <summary>How many of the images without the label have a detection of it above a threshold.</summary>
    public int FalseImagesOf(int label, Func<float, bool> isAbove) => _strays[label].Count(isAbove);

    /// <summary>Adds an image.</summary>
    public void Add(LabeledBoxes truth, ScoredBoxes found)
    {
        ImageCount++;
        var shown = truth.Labels.Concat(truth.PartlyAnnotatedLabels).ToHashSet();
        foreach (var (label, place) in _places)
        {
            int[] ofLabel = [.. Enumerable.Range(0, found.Labels.Count).Where(i => found.Labels[i] == label).OrderByDescending(i => found.Scores[i])];
            if (shown.Contains(label)) Match(truth, found, label, place, ofLabel);
            else AddAbsent(found, place, ofLabel);
        }
    }

    private void AddAbsent(ScoredBoxes found, int place, int[] detections)
    {
        _absentImages[place]++;
        if (detections.Length > 0) _strays[place].Add(found.Scores[detections[0]]);
        _detections[place].AddRange(detections.Select(d => (found.Scores[d], false)));
    }

    private void Match(LabeledBoxes truth, ScoredBoxes found, string label, int place, int[] detections)
    {
        var ofLabel = Enumerable.Range(0, truth.Boxes.Count).Where(i => truth.Labels[i] == label).ToLookup(i => truth.IsCrowd?[i] ?? false);
        var free = ofLabel[false].ToList();
        _objects[place] += free.Count;
        foreach (var d in detections)
        {
            var box = found.Boxes[d];
            var best = free.Where(g => truth.Boxes[g].IoU(box) >= _leastIoU).Select(g => (int?)g).MaxBy(g => truth.Boxes[g!.Value].IoU(box));
            if (best is { } taken) free.Remove(taken);
            else if (truth.PartlyAnnotatedLabels.Contains(label) || ofLabel[true].Any(g => box.ShareInside(truth.Boxes[g]) >= _leastIoU)) continue;
            _detections[place].Add((found.Scores[d], best is not null));
        }
    }
}
