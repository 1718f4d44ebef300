using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Numbers for operators of torch, each in a scalar that lives until the call it is made for is over.</summary>
/// <remarks>
/// TorchSharp 0.107 hands torch the bare address of a scalar and then forgets it: when another thread, a loader of images say, brings on a garbage collection
/// during the call, the finalizer frees what torch is about to read. With a thread that does nothing but collect, that is one call in fifty thousand (see the experiment log).
/// A call is over before its thread makes the next scalar but a few, so that each thread need only hold its last ones.
/// </remarks>
internal static class Numbers
{
    private const int Held = 64;

    [ThreadStatic]
    private static Scalar[]? _held;

    [ThreadStatic]
    private static int _next;

    /// <summary>A scalar for one call on this thread; in an operation with whole numbers it makes them floating-point ones.</summary>
    public static Scalar Number(double value) => Hold(value.ToScalar());

    /// <summary>A scalar for one call on this thread.</summary>
    public static Scalar Number(long value) => Hold(value.ToScalar());

    /// <summary>a + b. The operator multiplies b by a 1 that nobody holds; so do the others that are written out here.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, Number(1));

    /// <summary>x + term.</summary>
    public static Tensor Plus(this Tensor x, double term) => x.add(Number(term), Number(1));

    /// <summary>x + term, of whole numbers where x is.</summary>
    public static Tensor Plus(this Tensor x, long term) => x.add(Number(term), Number(1));

    /// <summary>1 − x.</summary>
    public static Tensor OneMinus(this Tensor x) => x.negative().Plus(1);

    /// <summary>x².</summary>
    public static Tensor Squared(this Tensor x) => x.pow(Number(2));

    /// <summary>ln(1 + eˣ).</summary>
    public static Tensor Softplus(this Tensor x) => nn.functional.logsigmoid(x.negative()).negative();

    /// <summary>0 to <paramref name="count"/> − 1: [count].</summary>
    public static Tensor Range(long count, ScalarType type, Device device) => arange(Number(0), Number(count), Number(1), type, device);

    private static Scalar Hold(Scalar scalar)
    {
        _held ??= new Scalar[Held];
        _held[_next] = scalar;
        _next = (_next + 1) % Held;
        return scalar;
    }
}
