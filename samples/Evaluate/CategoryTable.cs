namespace Evaluate;

/// <summary>A line of the table.</summary>
internal sealed record CategoryRow(string Name, string Frequency, int Objects, double AP, double AP50);

/// <summary>The categories, the best first.</summary>
internal static class CategoryTable
{
    public static void Print(IEnumerable<CategoryRow> rows)
    {
        Console.WriteLine($"{"category",-28} {"frequency",-10} {"objects",7} {"AP",6} {"AP50",6}");
        foreach (var row in rows.Where(r => r.Objects > 0).OrderByDescending(r => r.AP))
            Console.WriteLine($"{row.Name,-28} {row.Frequency,-10} {row.Objects,7} {row.AP,6:f3} {row.AP50,6:f3}");
    }
}
