using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Tests;

public sealed class SafeTensorsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetensors").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Reading_returns_what_was_written()
    {
        var path = Path.Combine(_folder, "new", "all.safetensors");
        SafeTensorsFile.Write(path,
            [
                SafeTensor.From<byte>("bytes", new byte[] { 1, 2, 3 }, 3),
                SafeTensor.From<float>("matrix", new[] { 1f, -2f, float.NaN, 4f, 5f, 6f }, 2, 3),
                SafeTensor.From<double>("scalar", new[] { Math.PI }),
                SafeTensor.From<long>("empty", Array.Empty<long>(), 0, 4),
                SafeTensor.From<bool>("flags", new[] { true, false }, 2),
            ],
            new Dictionary<string, string> { ["format"] = "pt", ["ümlaut"] = "\"quoted\"" });

        using var file = SafeTensorsFile.Open(path);

        Assert.Equal([1f, -2f, float.NaN, 4f, 5f, 6f], file.Read<float>("matrix"));
        Assert.Equal([1, 2, 3], file.Read<byte>("bytes"));
        Assert.Equal([Math.PI], file.Read<double>("scalar"));
        Assert.Equal([true, false], file.Read<bool>("flags"));
        Assert.Empty(file.Read<long>("empty"));
        Assert.Equal([0, 4], file["empty"].Shape);
        Assert.Equal("\"quoted\"", file.Metadata["ümlaut"]);
        Assert.All(file.Tensors, t => Assert.Equal(0, t.FileOffset % t.ElementSize));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Floating_point_of_any_width_is_read_as_singles()
    {
        var path = Path.Combine(_folder, "floats.safetensors");
        ushort[] bfloats = [0x3F80, 0xC000, 0x7F80];
        SafeTensorsFile.Write(path,
        [
            SafeTensor.From<Half>("f16", new[] { (Half)1.5f, Half.NegativeInfinity }, 2),
            SafeTensor.From<double>("f64", new[] { 0.1, 1e300 }, 2),
            new(new("bf16", SafeTensorType.BF16, [3]), System.Runtime.InteropServices.MemoryMarshal.AsBytes(bfloats.AsSpan()).ToArray()),
            SafeTensor.From<int>("i32", new[] { 1 }, 1),
        ]);

        using var file = SafeTensorsFile.Open(path);

        Assert.Equal([1.5f, float.NegativeInfinity], file.ReadSingles("f16"));
        Assert.Equal([0.1f, float.PositiveInfinity], file.ReadSingles("f64"));
        Assert.Equal([1f, -2f, float.PositiveInfinity], file.ReadSingles("bf16"));
        Assert.Contains("i32 I32 [1]", Assert.Throws<InvalidDataException>(() => file.ReadSingles("i32")).Message);
        Assert.Contains("i32 I32 [1]", Assert.Throws<InvalidDataException>(() => file.Read<float>("i32")).Message);
        Assert.Contains("no tensor 'x'", Assert.Throws<KeyNotFoundException>(() => file["x"]).Message);
    }

    [Fact]
    public void A_part_of_a_tensor_can_be_read()
    {
        var path = Path.Combine(_folder, "part.safetensors");
        SafeTensorsFile.Write(path, [SafeTensor.From<byte>("first", new byte[] { 9, 9 }, 2), SafeTensor.From<byte>("second", new byte[] { 1, 2, 3, 4 }, 4)]);
        using var file = SafeTensorsFile.Open(path);
        var part = new byte[2];

        file.ReadBytes(file["second"], part, offset: 1);

        Assert.Equal([2, 3], part);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadBytes(file["second"], part, offset: 3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""")] // 2 elements in 4 bytes
    [InlineData("""{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"3","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")] // hole
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""")] // one byte nobody owns
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")] // overlap
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""")]
    [InlineData("""{"a":7}""")]
    [InlineData("""{"__metadata__":{"n":1},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    public void A_bad_header_is_refused_by_name(string header)
    {
        var path = WriteRaw(header, data: new byte[4]);

        var error = Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Open(path));

        Assert.Contains(path, error.Message);
        File.Delete(path); // the handle is closed
    }

    [Fact]
    public void Every_cut_of_a_file_is_refused()
    {
        var path = Path.Combine(_folder, "whole.safetensors");
        SafeTensorsFile.Write(path, [SafeTensor.From<float>("a", new[] { 1f, 2f }, 2)]);
        var whole = File.ReadAllBytes(path);

        for (var length = 0; length < whole.Length; length++)
        {
            var cut = Path.Combine(_folder, "cut.safetensors");
            File.WriteAllBytes(cut, whole[..length]);
            Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Open(cut));
        }
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        var path = Path.Combine(_folder, "kept.safetensors");
        SafeTensorsFile.Write(path, [SafeTensor.From<float>("old", new[] { 1f }, 1)]);

        Assert.Throws<ArgumentException>(() => SafeTensorsFile.Write(path, [SafeTensor.From<float>("short", new[] { 1f }, 2)]));
        Assert.Throws<ArgumentException>(() => SafeTensorsFile.Write(path, [SafeTensor.From<float>("twice", new[] { 1f }, 1), SafeTensor.From<byte>("twice", new byte[1], 1)]));
        Assert.Throws<ArgumentException>(() => SafeTensorsFile.Write(path, [SafeTensor.From<float>("__metadata__", new[] { 1f }, 1)]));

        using var file = SafeTensorsFile.Open(path);
        Assert.True(file.Contains("old"));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("none.safetensors", Assert.Throws<FileNotFoundException>(() => SafeTensorsFile.Open(Path.Combine(_folder, "none.safetensors"))).Message);

    [SharedFact("golden/numerics")]
    public void Files_of_the_reference_implementation_are_read()
    {
        foreach (var path in Directory.GetFiles(SharedData.Path("golden/numerics"), "*.safetensors", SearchOption.AllDirectories))
        {
            using var file = SafeTensorsFile.Open(path);
            Assert.NotEmpty(file.Tensors);
            Assert.Equal(new FileInfo(path).Length, file.Tensors.Max(t => t.FileOffset + t.ByteCount));
        }
    }

    private string WriteRaw(string header, byte[] data)
    {
        var path = Path.Combine(_folder, "raw.safetensors");
        var json = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(path, [.. length, .. json, .. data]);
        return path;
    }
}
