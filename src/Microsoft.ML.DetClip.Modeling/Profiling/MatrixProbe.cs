using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Two graphs of one operator each, a matrix product and a convolution, that show what the machine gives at this moment.</summary>
internal sealed class MatrixProbe : IDisposable
{
    private const int Side = 1024, Channels = 256, MapHeight = 100, MapWidth = 168;

    private readonly List<double> _products = [];
    private readonly List<double> _convolutions = [];
    private readonly Probe _product;
    private readonly Probe _convolution;

    /// <param name="threads">Threads of one operator; 0 for as many as there are cores.</param>
    /// <param name="gpu">CUDA device; null for the CPU.</param>
    public MatrixProbe(int threads, int? gpu)
    {
        _product = new("MatMul", [Side, Side], [Side, Side], 2.0 * Side * Side * Side, threads, gpu);
        _convolution = new("Conv", [1, Channels, MapHeight, MapWidth], [Channels, Channels, 3, 3], 2.0 * Channels * Channels * 9 * MapHeight * MapWidth, threads, gpu,
            OnnxAttribute.Ints("pads", 1, 1, 1, 1));
    }

    /// <summary>Means of the faster half of what was measured.</summary>
    public MatrixRate Rate => new(Faster(_products), Faster(_convolutions));

    /// <summary>Measures both once more.</summary>
    public void Measure()
    {
        _products.Add(_product.Run(times: 8)); // about as long as one convolution
        _convolutions.Add(_convolution.Run(times: 1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _product.Dispose();
        _convolution.Dispose();
    }

    private static double Faster(List<double> rates) => rates.OrderDescending().Take((rates.Count + 1) / 2).Average();

    /// <summary>y = operator(x, weight), x and weight constant.</summary>
    private sealed class Probe : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly OrtValue _x;
        private readonly double _operations;

        public Probe(string type, long[] x, long[] weight, double operations, int threads, int? gpu, params OnnxAttribute[] attributes)
        {
            var graph = new OnnxGraph("probe");
            graph.AddInput(new("x", OnnxType.Float, [.. x.Cast<object>()]));
            var stored = graph.Store(OnnxTensor.Of("weight", weight, Numbers(weight)));
            graph.AddOutput(new("y", OnnxType.Float, [.. x.Cast<object>()]), graph.Node(type, ["x", stored], attributes));
            (_session, _operations) = (GraphProfiler.Open(OnnxFile.ToBytes(graph), threads, gpu), operations);
            _x = OrtValue.CreateTensorValueFromMemory(Numbers(x), x);
            Run(times: 1);
        }

        /// <returns>Thousand million operations a second.</returns>
        public double Run(int times)
        {
            using var options = new RunOptions();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < times; i++) _session.Run(options, ["x"], [_x], ["y"]).Dispose();
            return times * _operations / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
        }

        public void Dispose()
        {
            _x.Dispose();
            _session.Dispose();
        }

        private static float[] Numbers(long[] shape)
        {
            var random = new Random(1);
            return [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(_ => random.NextSingle() - 0.5f)];
        }
    }
}
