namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Sentences about scenes.</summary>
internal static class WorldCaptions
{
    private static readonly string[] Beginnings = ["", "", "a picture of ", "there is ", "look at "];
    private static readonly string[] Joints = [" and ", " next to ", " near ", " with "];
    private static readonly string[] Ends = ["", "", " on the ground", " in the evening", " in the sun", " somewhere outside"];

    /// <summary>A sentence that mentions the names in their order.</summary>
    public static string Of(IReadOnlyList<string> names, Random random)
    {
        var phrases = names.Select(name => ("aeiou".Contains(name[0]) ? "an " : "a ") + name).ToArray();
        var list = phrases.Length < 3 ? string.Join(Pick(Joints, random), phrases) : $"{string.Join(", ", phrases[..^1])}{Pick(Joints, random)}{phrases[^1]}";
        return $"{Pick(Beginnings, random)}{list}{Pick(Ends, random)}";
    }

    private static string Pick(string[] texts, Random random) => texts[random.Next(texts.Length)];
}
