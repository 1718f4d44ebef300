using Microsoft.ML.DetClip.Benchmarks.Rivals;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Benchmarks.Training;

/// <summary>
/// A training step of the Swin-T backbone against torchvision's in Debian's python3-torch, in float32 and bfloat16; a deformable convolution against a plain one.
/// Options: --gpu number of a CUDA device (else the CPU), --threads 1, --rounds 10, --sizes 8x224,2x320 (batch x side), --python /usr/bin/python3, --only backbone or convolution.
/// </summary>
internal static class TrainingBenchmark
{
    public static void Run(BenchmarkOptions options)
    {
        var threads = options.Count("threads", 1);
        set_num_threads(threads);
        Console.WriteLine($"Ours: TorchSharp {typeof(TorchSharp.torch).Assembly.GetName().Version}, libtorch {__version__}; {threads} thread(s), {Environment.ProcessorCount} core(s)");
        var only = options.Text("only", "");
        if (only != "convolution")
            foreach (var size in options.Text("sizes", "8x224,2x320").Split(',')) Backbone(options, threads, [.. size.Split('x').Select(int.Parse)]);
        if (only != "backbone")
            foreach (var size in options.Text("maps", "1x256x100x168,8x64x24x24").Split(',')) Convolution(options, [.. size.Split('x').Select(int.Parse)]);
    }

    private static void Backbone(BenchmarkOptions options, int threads, int[] size)
    {
        var (batch, side) = (size[0], size[1]);
        var gpu = options.Text("gpu", "");
        var place = gpu.Length > 0 ? $"cuda:{gpu}" : "cpu";
        using var float32 = new BackboneStep(batch, side, ScalarType.Float32, device(place));
        using var bfloat16 = new BackboneStep(batch, side, ScalarType.BFloat16, device(place));
        var rivals = (gpu.Length > 0 ? new[] { "float32", "bfloat16" } : ["float32"]).Select(products => (Name: $"python3-torch, {products}",
            Rival: Rival.Start(options.Text("python", "/usr/bin/python3"), "Rivals/backbone_step.py", batch, side, threads, place, products))).ToArray();
        var contestants = rivals.Where(r => r.Rival is not null).Select(r => (r.Name, (Func<Cost>)r.Rival!.Step)).ToArray();
        if (rivals[0].Rival is { } rival) Console.WriteLine($"Rival: {rival.Description}; ours has {float32.Parameters} parameters");
        new Contest([.. contestants, ("ours, float32", () => Cost.Of(float32.Run)), ("ours, bfloat16", () => Cost.Of(bfloat16.Run))])
            .Run($"Swin-T backbone, forward + backward + step, batch {batch} of {side}×{side}", options.Count("rounds", 10));
        foreach (var (_, one) in rivals) one?.Dispose();
    }

    private static void Convolution(BenchmarkOptions options, int[] size)
    {
        using var step = new ConvolutionStep(size[0], size[1], size[2], size[3]);
        new Contest(("plain convolution", () => Cost.Of(step.Plain)), ("deformable convolution", () => Cost.Of(step.Deformable)))
            .Run($"3×3 convolution, forward + backward, {size[0]} maps of {size[1]}×{size[2]}×{size[3]}", 2 * options.Count("rounds", 10));
    }
}
