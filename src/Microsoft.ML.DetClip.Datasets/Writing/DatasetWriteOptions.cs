namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Settings of the writers of data sets.</summary>
public sealed record DatasetWriteOptions
{
    /// <summary>The folder that names of images shall start from; null, and for images outside it, the bare names of the files.</summary>
    public string? ImageFolder { get; init; }
}
