using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Where an image comes from: a file, or the bytes of one.</summary>
/// <param name="Name">The path, or what messages call the bytes.</param>
/// <param name="Encoded">The bytes of an image file; null reads the file <paramref name="Name"/> each time.</param>
internal sealed record ImageSource(string Name, ReadOnlyMemory<byte>? Encoded = null)
{
    /// <summary>The image as a person sees it; the caller's to dispose.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ImageDecodingException">The bytes are no whole image.</exception>
    public MLImage Decode() => Encoded is { } bytes ? ImageDecoder.FromBytes(bytes, Name) : ImageDecoder.FromFile(Name);
}
