using Microsoft.ML.DetClip.Benchmarks;

if (args is ["evaluation", .. var rest]) return EvaluationBenchmark.Run(rest);
Console.Error.WriteLine(
    "Usage: dotnet run -c Release --project tests/Microsoft.ML.DetClip.Benchmarks -- evaluation [folder]\n" +
    "Measures COCO and LVIS evaluation of files the size of the real ones; with a folder, the files stay there for other programs to measure.");
return 2;
