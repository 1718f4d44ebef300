using System.Reflection;
using System.Reflection.Emit;
using Microsoft.ML.DetClip.Modeling;
using TorchSharp;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>Numbers reach torch in scalars that outlive the call, never in one that TorchSharp makes on the way; see <see cref="Numbers"/>.</summary>
public class HeldNumbersTests
{
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    // A script's invoke would make scalars of numbers; it is handed tensors only.
    [Theory]
    [InlineData(typeof(DetClipNetwork))]
    [InlineData(typeof(DetClipTrainer))]
    public void No_method_has_TorchSharp_make_a_scalar_that_nobody_holds(Type ofAssembly)
    {
        var makers = ScalarMakers();
        var offences =
            from method in MethodsOf(ofAssembly.Assembly)
            where method.DeclaringType != typeof(Numbers)
            from called in Calls(method)
            where makers.Contains(called) && called.DeclaringType != typeof(torch.jit.CompilationUnit)
            select $"{method.DeclaringType}.{method.Name} calls {called}";
        Assert.Empty(string.Join('\n', offences.Distinct()));
    }

    [Fact]
    public void The_search_finds_what_it_looks_for()
    {
        var makers = ScalarMakers();
        static torch.Tensor Offend(torch.Tensor x) => (x * 0.5).clamp(0, 1);
        var calls = Calls(((Func<torch.Tensor, torch.Tensor>)Offend).Method).Where(makers.Contains).ToArray();
        Assert.Equal(["op_Multiply", "op_Implicit", "op_Implicit"], calls.Select(c => c.Name));
    }

    /// <summary>What makes a scalar of a number, and every method of TorchSharp that calls such a method.</summary>
    private static HashSet<MethodBase> ScalarMakers()
    {
        var callers = MethodsOf(typeof(torch).Assembly).SelectMany(m => Calls(m).Select(called => (Caller: m, Called: called))).ToLookup(c => c.Called, c => c.Caller);
        var makers = typeof(Scalar).GetMethods().Where(m => m.Name == "op_Implicit")
            .Concat(typeof(torch.Tensor).GetMethods().Where(m => m.Name == "op_Implicit" && m.GetParameters()[0].ParameterType == typeof(Scalar))) // throws
            .Concat(typeof(ScalarExtensionMethods).GetMethods().Where(m => m.ReturnType == typeof(Scalar))).ToHashSet<MethodBase>();
        for (var waiting = new Queue<MethodBase>(makers); waiting.TryDequeue(out var maker);)
            foreach (var caller in callers[maker].Where(makers.Add)) waiting.Enqueue(caller);
        return makers;
    }

    private static IEnumerable<MethodBase> MethodsOf(Assembly assembly)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        return assembly.GetTypes().SelectMany(t => t.GetMethods(all).Concat<MethodBase>(t.GetConstructors(all)));
    }

    /// <summary>The methods that a method names in its code, as they are defined, generic parameters open.</summary>
    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i < code.Length;)
        {
            var opCode = OpCodesByValue[code[i] == 0xFE ? (short)(0xFE00 | code[i + 1]) : code[i]];
            i += opCode.Size;
            if (opCode.OperandType == OperandType.InlineMethod && Named(method, BitConverter.ToInt32(code, i)) is { } named) yield return named;
            i += OperandSize(opCode.OperandType, code.AsSpan(i));
        }
    }

    private static MethodBase? Named(MethodBase within, int token)
    {
        var ofType = within.DeclaringType!.IsGenericType ? within.DeclaringType.GetGenericArguments() : null;
        var named = within.Module.ResolveMethod(token, ofType, within.IsGenericMethod ? within.GetGenericArguments() : null);
        return named is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : named;
    }

    private static int OperandSize(OperandType type, ReadOnlySpan<byte> operand) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(operand),
        _ => 4,
    };
}
