using System.Globalization;

namespace QuickStart;

/// <summary>What the sample is told on its command line.</summary>
internal sealed record QuickStartArguments
{
    public const string Usage = """
        dotnet run -c Release --project samples/QuickStart [-- options]

          --out DIR          where everything is written (default: out/quickstart)
          --scenes N         drawn scenes to train on (default: 4000)
          --steps N          training steps of 8 images (default: 2400)
          --coco ANN.json    train on COCO detection data instead of the drawn world
          --images DIR       the images of that file
        """;

    public string Out { get; init; } = Path.Combine("out", "quickstart");

    public int Scenes { get; init; } = 4000;

    public int Steps { get; init; } = 2400;

    public string? CocoAnnotations { get; init; }

    public string? CocoImages { get; init; }

    /// <exception cref="ArgumentException">An option is unknown, lacks its value, or has a bad one.</exception>
    public static QuickStartArguments Parse(IReadOnlyList<string> args)
    {
        var parsed = new QuickStartArguments();
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            parsed = args[i] switch
            {
                "--out" => parsed with { Out = value },
                "--scenes" => parsed with { Scenes = Positive(args[i], value) },
                "--steps" => parsed with { Steps = Positive(args[i], value) },
                "--coco" => parsed with { CocoAnnotations = value },
                "--images" => parsed with { CocoImages = value },
                _ => throw new ArgumentException($"There is no option '{args[i]}'."),
            };
        }
        return (parsed.CocoAnnotations is null) == (parsed.CocoImages is null) ? parsed : throw new ArgumentException("--coco and --images go together.");
    }

    private static int Positive(string option, string value) =>
        int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new ArgumentException($"{option} is '{value}'; it must be a positive number.");
}
