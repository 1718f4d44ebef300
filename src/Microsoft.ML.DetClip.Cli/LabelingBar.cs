using Microsoft.ML.DetClip.Datasets;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>Progress of labelling: images looked at and boxes found.</summary>
internal sealed class LabelingBar(Terminal terminal) : IProgress<AutoLabelProgress>, IDisposable
{
    private readonly ProgressLine _line = new(terminal);

    /// <inheritdoc/>
    public void Report(AutoLabelProgress value)
    {
        var skipped = value.Skipped > 0 ? $", {value.Skipped} skipped" : "";
        var forReview = value.ForReview > 0 ? $", {value.ForReview} for review" : "";
        _line.Show(value.Done, value.Total, $"  {value.Found} boxes{forReview}{skipped}");
    }

    /// <summary>Leaves the line behind.</summary>
    public void Dispose() => _line.Dispose();
}
