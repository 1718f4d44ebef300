using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Looks into a JSON value without surprises: what is missing or of another type is null or empty.</summary>
internal static class JsonValues
{
    /// <summary>The property; null, too, where one of the names holds half a surrogate pair, so that it cannot be told.</summary>
    public static JsonElement? Property(this JsonElement value, string name)
    {
        try
        {
            return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var property) ? property : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The name; null where it holds half a surrogate pair.</summary>
    public static string? NameOrNull(this JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static string? Text(this JsonElement value, string name) => value.Property(name)?.Text();

    /// <summary>The text; null, too, where it holds half a surrogate pair.</summary>
    public static string? Text(this JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static double? Number(this JsonElement value, string name) => value.Property(name)?.Number();

    public static double? Number(this JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;

    public static long? Integer(this JsonElement value, string name) => value.Property(name)?.Integer();

    public static long? Integer(this JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    /// <summary>A size in pixels; null where there is none.</summary>
    public static int? Size(this JsonElement value, string name) => value.Number(name) is >= 1 and <= int.MaxValue and var size ? (int)size : null;

    public static IEnumerable<JsonElement> Items(this JsonElement value, string name) => value.Property(name)?.Items() ?? [];

    public static IEnumerable<JsonElement> Items(this JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>An array of numbers and nothing else; null where it is none.</summary>
    public static double[]? Numbers(this JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array) return null;
        var numbers = value.EnumerateArray().Select(item => item.Number()).ToArray();
        return numbers.Contains(null) ? null : [.. numbers.Select(n => n!.Value)];
    }
}
