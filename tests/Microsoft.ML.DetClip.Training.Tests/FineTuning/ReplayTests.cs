namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>Old data mixed in with new data.</summary>
public class ReplayTests
{
    private static readonly IReadOnlyList<TrainingSample> New = Tiny.World.Scenes(8, ["red circle", "blue square"], seed: 1);
    private static readonly IReadOnlyList<TrainingSample> Old = Tiny.World.Scenes(20, ["green ring", "white cross", "purple diamond"], seed: 2);
    private static readonly DetClipTrainer.Options Options = Tiny.Options with { Epochs = 6 };

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void The_share_of_steps_is_what_was_asked_for_and_new_data_is_seen_as_often_as_without(double share)
    {
        var schedule = Maker(share).Schedule;
        var replayed = Enumerable.Range(0, (int)schedule.TotalSteps).Count(step => schedule.IsReplay(step));

        Assert.Equal(24, schedule.TotalSteps - replayed); // 6 epochs of 8 images, 2 at a time
        Assert.InRange(replayed / (double)schedule.TotalSteps, share - 0.02, share + 0.02);
    }

    [Fact]
    public void Kinds_of_old_data_are_replayed_in_their_proportions()
    {
        var counts = new Dictionary<SampleKind, int> { [SampleKind.Detection] = 30, [SampleKind.Grounding] = 10 };
        var options = Options with { ReplayShare = 0.5, Grounding = Options.Detection, Epochs = 10 };

        var schedule = new KindSchedule(new Dictionary<SampleKind, int> { [SampleKind.Detection] = 8 }, options, counts);

        var kinds = Enumerable.Range(0, (int)schedule.TotalSteps).Where(step => schedule.IsReplay(step)).CountBy(step => schedule.At(step).Kind).ToDictionary();
        Assert.Equal((30, 10), (kinds[SampleKind.Detection], kinds[SampleKind.Grounding]));
    }

    [Fact]
    public void A_batch_is_of_one_origin_and_asks_for_its_own_names_alone()
    {
        var maker = Maker(0.5);
        var (newNames, oldNames) = (NamesOf(New), NamesOf(Old));

        for (var step = 0; step < maker.Schedule.TotalSteps; step++)
        {
            using var batch = maker.Make(step);
            var (names, images) = maker.Schedule.IsReplay(step) ? (oldNames, Old) : (newNames, New);
            Assert.Subset(names, batch.Concepts.Select(c => c.Name).ToHashSet());
            Assert.All(batch.Images, image => Assert.Contains(image, images.Select(s => s.Image.Name)));
        }
    }

    [Fact]
    public void Without_old_data_a_run_is_what_it_was()
    {
        var (plain, shared) = (new BatchMaker(New, Tokens, Options), new BatchMaker(New, Tokens, Options with { ReplayShare = 0.9 }, replay: []));

        Assert.Equal(plain.Schedule.TotalSteps, shared.Schedule.TotalSteps);
        for (var step = 0; step < 4; step++)
        {
            using var a = plain.Make(step);
            using var b = shared.Make(step);
            Assert.Equal(a.Images, b.Images);
        }
    }

    private static SentenceTokens Tokens => new(Tiny.Tokenizer, length: 4);

    private static BatchMaker Maker(double share) => new(New, Tokens, Options with { ReplayShare = share }, replay: Old);

    private static HashSet<string> NamesOf(IEnumerable<TrainingSample> samples) => [.. samples.SelectMany(s => s.Concepts).Select(c => c.Name)];
}
