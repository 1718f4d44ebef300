namespace Microsoft.ML.DetClip;

/// <summary>Why an image could not be decoded.</summary>
public enum ImageDecodingError
{
    /// <summary>There are no bytes.</summary>
    Empty,

    /// <summary>The bytes are of no image format that is read here: JPEG, PNG, WebP, GIF, BMP, ICO.</summary>
    NotAnImage,

    /// <summary>The image ends too early.</summary>
    Truncated,

    /// <summary>The image's data contradicts its format.</summary>
    Corrupt,

    /// <summary>The image has more pixels than allowed.</summary>
    TooLarge,
}

/// <summary>An image could not be decoded; says which one and why.</summary>
public sealed class ImageDecodingException : Exception
{
    internal ImageDecodingException(ImageDecodingError error, string imageName, string problem) : base($"The image '{imageName}' {problem}.") =>
        (Error, ImageName) = (error, imageName);

    /// <summary>The reason, for programs.</summary>
    public ImageDecodingError Error { get; }

    /// <summary>The path or other name of the image.</summary>
    public string ImageName { get; }
}
