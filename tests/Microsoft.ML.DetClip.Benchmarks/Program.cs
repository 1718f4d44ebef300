// dotnet run -c Release --project tests/Microsoft.ML.DetClip.Benchmarks -- <name> [arguments]
using Microsoft.ML.DetClip.Benchmarks;
using Microsoft.ML.DetClip.Benchmarks.Inference;
using Microsoft.ML.DetClip.Benchmarks.Training;

var benchmarks = new Dictionary<string, Func<string[], int>>
{
    ["evaluation"] = EvaluationBenchmark.Run,
    ["inference"] = With(InferenceBenchmark.Run),
    ["precision"] = With(PrecisionBenchmark.Run),
    ["training"] = With(TrainingBenchmark.Run),
    ["step"] = With(StepParts.Run),
    ["soak"] = With(Soak.Run),
    ["tiles"] = With(TilesBenchmark.Run),
    ["stress"] = With(ScalarStress.Run),
};

if (args is [var name, .. var rest] && benchmarks.TryGetValue(name, out var run)) return run(rest);
Console.Error.WriteLine($"Name one of these: {string.Join(", ", benchmarks.Keys)}; what each does and its options stand in its class.");
return 2;

static Func<string[], int> With(Action<BenchmarkOptions> benchmark) => arguments =>
{
    benchmark(BenchmarkOptions.Parse(arguments));
    return 0;
};
