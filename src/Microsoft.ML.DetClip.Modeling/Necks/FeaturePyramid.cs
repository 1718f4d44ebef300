using TorchSharp.Modules;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Feature pyramid (Lin et al. 2017): three backbone maps become five levels P3–P7; P6 and P7 are strided convolutions of the level below.</summary>
internal sealed class FeaturePyramid : Layer
{
    /// <summary>Pixels between positions of each level.</summary>
    public static readonly int[] Strides = [8, 16, 32, 64, 128];

    private readonly Conv2d[] _lateral;
    private readonly Conv2d[] _smooth;
    private readonly Conv2d[] _extra;

    public FeaturePyramid(IReadOnlyList<int> inputs, int channels) : base(nameof(FeaturePyramid))
    {
        _lateral = Parts("lateral", inputs.Select(c => Initial.GlorotConv(c, channels, kernel: 1)));
        _smooth = Parts("smooth", inputs.Select(_ => Initial.GlorotConv(channels, channels, kernel: 3)));
        _extra = Parts("extra", Enumerable.Range(0, Strides.Length - inputs.Count).Select(_ => Initial.GlorotConv(channels, channels, kernel: 3, stride: 2)));
    }

    /// <param name="ops">The reading.</param>
    /// <param name="maps">Backbone maps, finest first.</param>
    /// <returns>Five maps [B, C, H, W], finest first.</returns>
    public IReadOnlyList<T> Forward<T>(Ops<T> ops, IReadOnlyList<T> maps)
    {
        using var part = ops.Enter("neck");
        var levels = maps.Select((map, i) => ops.Conv2d(map, _lateral[i])).ToList();
        for (var i = levels.Count - 2; i >= 0; i--) levels[i] = ops.Add(levels[i], ops.ResizeLike(levels[i + 1], levels[i]));
        levels = [.. levels.Select((level, i) => ops.Conv2d(level, _smooth[i]))];
        foreach (var extra in _extra) levels.Add(ops.Conv2d(levels[^1], extra));
        return part.Leave(levels);
    }
}
