namespace Microsoft.ML.DetClip.Benchmarks;

/// <summary>Several ways to do the same work, run in turn, so that what else happens on the machine happens to all.</summary>
/// <param name="contestants">Each by name; the first is what the others are compared with.</param>
internal sealed class Contest(params (string Name, Func<Cost> Run)[] contestants)
{
    /// <summary>Runs all in turn and writes a table of medians and of the median ratio to the first one's.</summary>
    /// <param name="title">What is done.</param>
    /// <param name="rounds">Rounds that count; one more goes ahead.</param>
    public void Run(string title, int rounds)
    {
        var costs = Enumerable.Range(0, rounds + 1).Select(_ => contestants.Select(c => c.Run()).ToArray()).Skip(1).ToArray();
        Console.WriteLine();
        Console.WriteLine($"{title}; medians of {rounds}");
        Console.WriteLine();
        Console.WriteLine("| | processor ms | wall ms | processor ratio | wall ratio |");
        Console.WriteLine("|---|---|---|---|---|");
        for (var i = 0; i < contestants.Length; i++)
        {
            double Of(Func<Cost[], double> what) => Median(costs.Select(what));
            Console.WriteLine(
                $"| {contestants[i].Name} | {Of(c => 1e3 * c[i].Processor):F1} | {Of(c => 1e3 * c[i].Wall):F1} " +
                $"| {Of(c => c[i].Processor / c[0].Processor):F2} | {Of(c => c[i].Wall / c[0].Wall):F2} |");
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
