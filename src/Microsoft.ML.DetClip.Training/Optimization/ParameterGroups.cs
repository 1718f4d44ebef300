using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Sorts parameters by how they are trained: the text encoder at its own rate, and no weight decay where a weight is no matrix.</summary>
internal static class ParameterGroups
{
    /// <summary>Text encoder weights are called so in the network.</summary>
    private const string TextPrefix = "text.";

    /// <summary>Tables of positions: decay would pull them all to one value.</summary>
    private static readonly string[] PositionTables = ["relative_position_bias_table", "positional_embedding"];

    /// <summary>True when weight decay applies: not to biases, norms, scales and position tables (Liu et al. 2021, appendix A).</summary>
    public static bool Decays(string name, Tensor parameter) => parameter.dim() > 1 && !PositionTables.Any(name.EndsWith);

    /// <summary>True for weights of the text encoder.</summary>
    public static bool IsText(string name) => name.StartsWith(TextPrefix, StringComparison.Ordinal);

    /// <summary>The parameters that want a gradient, in groups of equal treatment.</summary>
    /// <param name="network">Its parameters by name.</param>
    /// <param name="textRateFactor">Rate of the text encoder over that of the rest; 0 leaves it as it is.</param>
    public static IReadOnlyList<ParameterGroup> Of(nn.Module network, double textRateFactor) =>
        [.. network.named_parameters()
            .Where(p => p.parameter.requires_grad && (!IsText(p.name) || textRateFactor > 0))
            .GroupBy(p => (Text: IsText(p.name), Decays: Decays(p.name, p.parameter)))
            .Select(g => new ParameterGroup([.. g.Select(p => new NamedParameter(p.name, p.parameter))], g.Key.Text ? textRateFactor : 1, g.Key.Decays))];
}

/// <summary>Parameters that are trained alike.</summary>
/// <param name="Parameters">The parameters.</param>
/// <param name="RateFactor">Their learning rate over that of the run.</param>
/// <param name="Decays">Whether weight decay applies.</param>
internal sealed record ParameterGroup(IReadOnlyList<NamedParameter> Parameters, double RateFactor, bool Decays);

/// <summary>A parameter and what checkpoints call it.</summary>
internal sealed record NamedParameter(string Name, Parameter Value);
