using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>AdamW for many parameters at once, for GPUs: an operator for all of them is begun once and not some hundred times, which takes longer there than what it does.</summary>
internal static class AdamLists
{
    // Numbers come in a tensor on the CPU: a script's invoke would wrap them in scalars that nobody holds.
    private static readonly jit.CompilationUnit Script = jit.compile("""
        def step(parameters: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], numbers: Tensor) -> Tensor:
            scaled = torch._foreach_mul(gradients, float(numbers[2]))
            torch._foreach_mul_(parameters, float(numbers[1]))
            torch._foreach_mul_(first, float(numbers[4]))
            torch._foreach_add_(first, scaled, alpha=1.0 - float(numbers[4]))
            torch._foreach_mul_(second, float(numbers[5]))
            torch._foreach_addcmul_(second, scaled, scaled, value=1.0 - float(numbers[5]))
            spread = torch._foreach_sqrt(second)
            torch._foreach_div_(spread, float(numbers[3]))
            torch._foreach_add_(spread, float(numbers[6]))
            torch._foreach_addcdiv_(parameters, first, spread, value=-float(numbers[0]))
            return numbers

        def norm(gradients: List[Tensor]) -> Tensor:
            return torch.stack(torch._foreach_norm(gradients, 2.0)).norm()

        """);

    /// <summary>Whether a parameter is better stepped together with others.</summary>
    public static bool Suits(Tensor parameter) => parameter.device_type != DeviceType.CPU;

    /// <summary>Moves parameters by one step, all with the same numbers. Gradients are off, and what it makes is the caller's scope's.</summary>
    public static void Step(Tensor[] parameters, Tensor[] gradients, Tensor[] first, Tensor[] second, AdamStep step)
    {
        var numbers = tensor([step.Rate, step.Keep, step.GradientFactor, step.Spread, AdamMoments.FirstDecay, AdamMoments.SecondDecay, AdamMoments.Epsilon]);
        Script.invoke("step", parameters, gradients, first, second, numbers);
    }

    /// <summary>Length of a gradient in parts: scalar, [].</summary>
    public static Tensor Norm(Tensor[] gradients) => (Tensor)Script.invoke("norm", [gradients]);
}
