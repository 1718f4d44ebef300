// dotnet run -c Release --project tests/Microsoft.ML.DetClip.Benchmarks -- <name> [--option value ...]
using Microsoft.ML.DetClip.Benchmarks;
using Microsoft.ML.DetClip.Benchmarks.Training;

var benchmarks = new Dictionary<string, Action<BenchmarkOptions>>
{
    ["training"] = TrainingBenchmark.Run,
    ["soak"] = Soak.Run,
    ["stress"] = ScalarStress.Run,
};

if (args is [var name, .. var rest] && benchmarks.TryGetValue(name, out var run))
{
    run(BenchmarkOptions.Parse(rest));
    return 0;
}

Console.Error.WriteLine($"Name one of these: {string.Join(", ", benchmarks.Keys)}.");
return 2;
