using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.DetClip;

/// <summary>The images of a batch, whichever way the column holds them.</summary>
internal abstract class ImageColumn
{
    /// <summary>What an image column may hold, for messages.</summary>
    public const string Allowed = "an image, a path (text), or an encoded image (vector of Byte)";

    /// <summary>True for the column types that <see cref="Create"/> reads.</summary>
    public static bool Reads(DataViewType type) => type is ImageDataViewType or TextDataViewType || IsBytes(type);

    /// <summary>True for the vector of an encoded image's bytes.</summary>
    public static bool IsBytes(DataViewType type) => type is VectorDataViewType { ItemType: NumberDataViewType { RawType: var item } } && item == typeof(byte);

    /// <summary>The images in a column of a buffer.</summary>
    public static ImageColumn Create(RowBuffer rows, DataViewSchema.Column column) => column.Type switch
    {
        ImageDataViewType => new Images(rows, column),
        TextDataViewType => new Paths(rows, column),
        _ => new Files(rows, column),
    };

    /// <summary>The upright image in a slot; thread-safe for different slots.</summary>
    public abstract Lent<MLImage> Open(int slot);

    private sealed class Images(RowBuffer rows, DataViewSchema.Column column) : ImageColumn
    {
        private readonly ColumnBuffer<MLImage> _images = (ColumnBuffer<MLImage>)rows[column.Index];

        public override Lent<MLImage> Open(int slot) => _images[slot] is { } image
            ? new(image, Owned: false)
            : throw new InvalidDataException($"There is no image in {rows.Describe(slot, column)}.");
    }

    private sealed class Paths(RowBuffer rows, DataViewSchema.Column column) : ImageColumn
    {
        private readonly ColumnBuffer<ReadOnlyMemory<char>> _paths = (ColumnBuffer<ReadOnlyMemory<char>>)rows[column.Index];

        public override Lent<MLImage> Open(int slot) => _paths[slot].Span.IsWhiteSpace()
            ? throw new InvalidDataException($"There is no path in {rows.Describe(slot, column)}.")
            : new(ImageDecoder.FromFile(_paths[slot].ToString()), Owned: true);
    }

    private sealed class Files(RowBuffer rows, DataViewSchema.Column column) : ImageColumn
    {
        private readonly ColumnBuffer<VBuffer<byte>> _files = (ColumnBuffer<VBuffer<byte>>)rows[column.Index];

        public override Lent<MLImage> Open(int slot)
        {
            var bytes = new byte[_files[slot].Length];
            _files[slot].CopyTo(bytes);
            return new(ImageDecoder.FromBytes(bytes, rows.Describe(slot, column)), Owned: true);
        }
    }
}

/// <summary>An object that is disposed after use only when it is ours.</summary>
internal readonly record struct Lent<T>(T Value, bool Owned) : IDisposable
    where T : IDisposable
{
    public void Dispose()
    {
        if (Owned) Value.Dispose();
    }
}
