using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.DetClip;

// A list of regions as a file: safetensors, with what is no tensor in the metadata.
public sealed partial class RegionList
{
    private const string FormatKey = "detclip_regions";
    private const string Format = "1";

    /// <summary>Writes the list as a safetensors file, beside the path first and then renamed: "boxes" [R, 4], "embeddings" [R, D], "qualities" [R], "tiles" [T, 5].</summary>
    /// <param name="path">The file to make or replace.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        long[] tiles = [.. _tiles.SelectMany(t => (long[])[t.Tile.X, t.Tile.Y, t.Tile.Width, t.Tile.Height, t.Count])];
        SafeTensorsFile.Write(path,
            [
                SafeTensor.From<float>("boxes", MemoryMarshal.Cast<Box, float>(_boxes).ToArray(), Count, 4),
                SafeTensor.From<float>("embeddings", _embeddings, Count, EmbeddingWidth),
                SafeTensor.From<float>("qualities", _qualities, Count),
                SafeTensor.From<long>("tiles", tiles, _tiles.Length, 5),
            ],
            new Dictionary<string, string>
            {
                [FormatKey] = Format, ["image"] = ImageSize.ToString(), ["text_encoder_hash"] = TextEncoderHash,
                ["bound"] = Bound.ToString("R", CultureInfo.InvariantCulture), ["scoring"] = JsonSerializer.Serialize(Scoring),
            });
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no list of regions, a damaged one, or one of a newer version.</exception>
    public static RegionList Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = SafeTensorsFile.Open(path);
        var format = file.Metadata.GetValueOrDefault(FormatKey);
        if (format != Format)
            throw new InvalidDataException(format is null ? $"'{path}' holds no regions." : $"'{path}' has format {format}; this version of Microsoft.ML.DetClip reads {Format}.");
        try
        {
            return Read(file);
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or JsonException or OverflowException or InvalidDataException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"'{path}' is damaged: {e.Message}", e);
        }
    }

    private static RegionList Read(SafeTensorsFile file)
    {
        var image = file.Metadata["image"].Split('x').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var size = new ImageSize(image[0], image[1]);
        var tiles = file.Read<long>("tiles").Chunk(5).Select(t => (Tile: new ImageTile((int)t[0], (int)t[1], (int)t[2], (int)t[3], size), Count: checked((int)t[4]))).ToArray();
        var boxes = MemoryMarshal.Cast<float, Box>(file.Read<float>("boxes")).ToArray();
        var (embeddings, qualities, width) = (file.Read<float>("embeddings"), file.Read<float>("qualities"), checked((int)file["embeddings"].Shape[^1]));
        if (tiles.Any(t => t.Count < 0) || tiles.Sum(t => t.Count) != boxes.Length || qualities.Length != boxes.Length || embeddings.Length != (long)boxes.Length * width)
            throw new InvalidDataException("the sizes of its tensors do not fit one another.");
        return new(boxes, embeddings, qualities, tiles)
        {
            EmbeddingWidth = width, ImageSize = size, TextEncoderHash = file.Metadata["text_encoder_hash"],
            Bound = float.Parse(file.Metadata["bound"], CultureInfo.InvariantCulture),
            Scoring = JsonSerializer.Deserialize<RegionScoring>(file.Metadata["scoring"]) ?? throw new InvalidDataException("it has no scoring."),
        };
    }
}
