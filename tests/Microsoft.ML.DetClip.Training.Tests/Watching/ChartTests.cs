using SkiaSharp;

namespace Microsoft.ML.DetClip.Training.Tests;

public sealed class ChartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-chart").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0.0003)]
    [InlineData(0.7)]
    [InlineData(1)]
    [InlineData(4.2)]
    [InlineData(37)]
    [InlineData(159_000)]
    public void Marks_are_few_and_round_and_cover_the_values(double greatest)
    {
        var axis = ChartAxis.FromZero([0, greatest]);
        var marks = axis.Marks().ToArray();

        Assert.InRange(marks.Length, 3, 8);
        Assert.Equal((0, 0f, 1f), (marks[0], axis.Place(axis.Low), axis.Place(axis.High)));
        Assert.Equal(axis.High, marks[^1], 12);
        Assert.Equal(marks.Length, marks.Select(axis.Text).Distinct().Count());
    }

    [Theory]
    [InlineData(0.2, "0.8", 0.8)]
    [InlineData(0.05, "0.25", 0.25)]
    [InlineData(5, "25", 25)]
    [InlineData(20_000, "120k", 120_000)]
    public void A_mark_has_the_digits_it_needs(double step, string text, double mark) => Assert.Equal(text, new ChartAxis(0, 6 * step, step).Text(mark));

    [Fact]
    public void Smoothing_keeps_a_constant_and_halves_noise()
    {
        var noise = Enumerable.Range(0, 400).Select(i => ((double)i, 3.0 + (i % 2 == 0 ? 1 : -1))).ToArray();

        Assert.All(new ChartLine("", default, [.. noise.Select(p => (p.Item1, 3.0))], true).Smoothed(), p => Assert.Equal(3, p.Y, 9));
        Assert.All(new ChartLine("", default, noise, true).Smoothed().Skip(50), p => Assert.InRange(p.Y, 2.8, 3.2));
    }

    [Fact]
    public void Curves_have_a_panel_for_each_kind_validation_and_rate_and_their_colours_are_on_the_picture()
    {
        var path = Path.Combine(_folder, "curves.png");
        var rows = new List<MetricsRow>();
        for (var step = 1; step <= 300; step++)
        {
            rows.Add(Row(step, step % 3 == 0 ? "grounding" : "detection", ("loss", 4.0 / Math.Sqrt(step) + 0.4 * (step * 37 % 10) / 10), ("box_loss", 1 / Math.Sqrt(step)), ("learning_rate", 1e-3 * step / 300)));
            if (step % 100 == 0) rows.Add(Row(step, MetricsRow.Validation, ("validation_ap", 0.001 * step), ("validation_ap50", 0.002 * step)));
        }

        LossCurves.SavePng(path, rows);

        using var picture = SKBitmap.Decode(path);
        Assert.Equal((1000, 4 * 320), (picture.Width, picture.Height));
        var colours = picture.Pixels.Distinct().ToHashSet();
        Assert.Contains(SKColors.White, colours);
        foreach (var colour in new[] { new SKColor(31, 119, 180), new(44, 140, 60), new(214, 95, 14) }) Assert.Contains(colour, colours);
    }

    [Fact]
    public void A_run_of_one_step_and_one_of_none_make_no_trouble()
    {
        LossCurves.SavePng(Path.Combine(_folder, "one.png"), [Row(1, "pairs", ("loss", 0))]);
        LossCurves.SavePng(Path.Combine(_folder, "none.png"), []);

        Assert.Equal("one.png", Path.GetFileName(Assert.Single(Directory.GetFiles(_folder))));
    }

    private static MetricsRow Row(long step, string kind, params (string Name, double Value)[] values) =>
        new(step, step / 100.0, kind, [.. MetricsRow.Names.Select(name => values.Where(v => v.Name == name).Select(v => (double?)v.Value).FirstOrDefault())]);
}
