using System.Text.Json;

namespace Microsoft.ML.DetClip.Evaluation.Tests;

/// <summary>Numbers of official codes, in full double precision.</summary>
internal static class GoldenNumbers
{
    public const double Tolerance = 1e-12;

    public static JsonDocument Open(string folder) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));

    /// <summary>Every official number has its equal of that name, and there is no other name.</summary>
    public static void AssertEqual(JsonElement official, IEnumerable<KeyValuePair<string, double>> actual)
    {
        var values = actual.ToDictionary();
        Assert.Equal(official.EnumerateObject().Select(p => p.Name).Order(), values.Keys.Order());
        AssertContains(official, values);
    }

    /// <summary>Every official number has its equal of that name.</summary>
    public static void AssertContains(JsonElement official, IEnumerable<KeyValuePair<string, double>> actual)
    {
        var values = actual.ToDictionary();
        foreach (var property in official.EnumerateObject())
            Assert.True(Math.Abs(property.Value.GetDouble() - values[property.Name]) <= Tolerance, $"{property.Name}: official {property.Value.GetDouble():R}, here {values[property.Name]:R}");
    }

    public static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(line => line.GetString()!)];
}
