namespace Microsoft.ML.DetClip.Training.Tests;

public class KindScheduleTests
{
    private static readonly DetClipTrainer.Options Options = new()
    {
        Epochs = 3,
        Detection = new() { BatchSize = 4 },
        Grounding = new() { BatchSize = 8, Weight = 0.5 },
        Pairs = new() { BatchSize = 32 },
    };

    private static readonly Dictionary<SampleKind, int> Counts = new() { [SampleKind.Detection] = 401, [SampleKind.Grounding] = 400, [SampleKind.Pairs] = 3200 };

    [Fact]
    public void Each_kind_has_the_steps_that_its_samples_and_weight_need()
    {
        var steps = All(new(Counts, Options)).CountBy(step => step.Kind).ToDictionary();

        Assert.Equal(301, steps[SampleKind.Detection]); // ⌈3 · 401 / 4⌉
        Assert.Equal(75, steps[SampleKind.Grounding]);
        Assert.Equal(300, steps[SampleKind.Pairs]);
    }

    [Fact]
    public void Steps_of_a_kind_are_counted_without_gaps()
    {
        foreach (var kind in All(new(Counts, Options)).GroupBy(step => step.Kind))
            Assert.Equal(Enumerable.Range(0, kind.Count()), kind.Select(step => (int)step.Index));
    }

    [Fact]
    public void Kinds_alternate_over_the_whole_run()
    {
        // Each tenth of the run has about a tenth of each kind: 67.6 steps, 30 of them pairs.
        foreach (var part in All(new(Counts, Options)).Chunk(68))
            if (part.Length == 68) Assert.InRange(part.Count(step => step.Kind == SampleKind.Pairs), 12, 48);
    }

    [Fact]
    public void The_schedule_follows_from_the_seed()
    {
        Assert.Equal(All(new(Counts, Options)), All(new(Counts, Options)));
        Assert.NotEqual(All(new(Counts, Options)), All(new(Counts, Options with { Seed = 2 })));
    }

    [Fact]
    public void A_kind_of_weight_0_or_without_samples_has_no_steps()
    {
        var schedule = new KindSchedule(new Dictionary<SampleKind, int> { [SampleKind.Detection] = 10, [SampleKind.Pairs] = 10 }, Options with { Pairs = new() { Weight = 0 } });

        Assert.All(All(schedule), step => Assert.Equal(SampleKind.Detection, step.Kind));
        Assert.Equal(8, schedule.TotalSteps);
        Assert.Equal((0, 1.5, 3), (schedule.EpochAt(0), schedule.EpochAt(4), schedule.EpochAt(8)));
    }

    private static IEnumerable<(SampleKind Kind, long Index)> All(KindSchedule schedule) => Enumerable.Range(0, (int)schedule.TotalSteps).Select(step => schedule.At(step));
}
