namespace Microsoft.ML.DetClip.Benchmarks.Training;
internal static class Soak { public static void Run(BenchmarkOptions options) { } }
