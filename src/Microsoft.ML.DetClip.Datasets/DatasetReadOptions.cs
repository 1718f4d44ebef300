namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What a reader does with a record that is wrong.</summary>
public enum InvalidRecordHandling
{
    /// <summary>Stops at the first one, with its place in the file and what is wrong with it.</summary>
    Throw,

    /// <summary>Leaves it out, counts it, and keeps the first few messages in <see cref="ReadReport"/>.</summary>
    Skip,
}

/// <summary>Settings that the readers of detection data sets share.</summary>
public sealed record DatasetReadOptions
{
    /// <summary>What happens to a record that is wrong: an unknown or doubled id, a box without area or outside its image, an image file that is not
    /// there. A file that is not JSON, or cut off, is refused either way.</summary>
    public InvalidRecordHandling OnInvalidRecord { get; init; } = InvalidRecordHandling.Throw;

    /// <summary>Looks whether each image's file exists. False saves one look-up for each image, which on a network folder takes minutes for a large set;
    /// a missing file then shows when it is opened.</summary>
    public bool CheckImageFiles { get; init; } = true;
}
