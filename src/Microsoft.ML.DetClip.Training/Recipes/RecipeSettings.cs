using System.Reflection;

namespace Microsoft.ML.DetClip.Training;

/// <summary>What settings a record has, seen from a recipe.</summary>
internal static class RecipeSettings
{
    private const string CloneMethod = "<Clone>$"; // what "with" calls

    /// <summary>The setting of that name; null when there is none that a recipe can give.</summary>
    public static PropertyInfo? Find(Type record, string name) => Of(record).FirstOrDefault(p => p.Name == name);

    /// <summary>All settings with their parts, such as "Detection.BatchSize".</summary>
    public static IEnumerable<string> Paths(Type record) => Of(record).SelectMany(p =>
        IsRecord(p.PropertyType) ? Paths(p.PropertyType).Select(part => $"{p.Name}.{part}").Prepend(p.Name) : [p.Name]);

    /// <summary>True for settings that have parts.</summary>
    public static bool IsRecord(Type type) => type.GetMethod(CloneMethod) is not null;

    /// <summary>The type of a list's items; null for what is no list.</summary>
    public static Type? ItemOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>Whether the setting allows null.</summary>
    public static bool MayBeNull(PropertyInfo setting) => new NullabilityInfoContext().Create(setting).WriteState == NullabilityState.Nullable;

    /// <summary>A copy whose properties may be set: nobody else sees it yet.</summary>
    public static object Copy(object record) => record.GetType().GetMethod(CloneMethod)!.Invoke(record, null)!;

    /// <summary>The known path that was probably meant: fewest changed letters, or the same name in another place.</summary>
    public static string Nearest(string path, IReadOnlyList<string> known) => known.MinBy(other => Math.Min(EditDistance(path, other), 1 + EditDistance(LastOf(path), LastOf(other))))!;

    private static IEnumerable<PropertyInfo> Of(Type record) => record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.CanWrite && p.PropertyType != typeof(DetClipTrainer.Options) && IsKnown(p.PropertyType));

    // Others, such as a tokenizer, are read from files.
    private static bool IsKnown(Type type) =>
        type.IsEnum || type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(double)
        || IsRecord(type) || ItemOf(type) is { } item && IsKnown(item);

    private static string LastOf(string path) => path[(path.LastIndexOf('.') + 1)..];

    /// <summary>Letters to insert, remove or replace to make one text of the other, capitals aside (Levenshtein 1966).</summary>
    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray(); // distances of a's beginning to each beginning of b
        for (var i = 0; i < a.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i]) == char.ToLowerInvariant(b[j]);
                (diagonal, row[j + 1]) = (row[j + 1], Math.Min(Math.Min(row[j], row[j + 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }
        return row[^1];
    }
}
