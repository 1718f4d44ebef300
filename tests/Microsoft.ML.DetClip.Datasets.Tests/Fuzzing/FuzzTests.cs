namespace Microsoft.ML.DetClip.Datasets.Tests;

public class FuzzTests : TempFolder
{
    [Fact]
    public void The_files_are_read_whole_before_they_are_damaged()
    {
        foreach (var corpus in Corpus.Create(Folder))
            Assert.True(Mutation.Survives(corpus.Format, corpus.Path, corpus.Options with { OnInvalidRecord = InvalidRecordHandling.Skip }), corpus.Format.Name);
    }

    [Fact]
    public void Damaged_files_end_in_a_documented_exception_or_in_samples_that_make_sense() => Fuzz.Run(Folder, mutants: 600, seed: 1);
}

/// <summary>The loop: every reader, every file of its data set, both ways to meet wrong records.</summary>
internal static class Fuzz
{
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(20);

    /// <returns>How many damaged files were read to the end nevertheless.</returns>
    public static int Run(string folder, int mutants, int seed, Action<int>? progress = null, string? format = null)
    {
        var (random, read) = (new Random(seed), 0);
        var corpora = Corpus.Create(folder).Where(corpus => format is null || corpus.Format.Name == format).ToArray();
        for (var i = 0; i < mutants; i++)
        {
            var corpus = corpora[i % corpora.Length];
            var file = corpus.Files[random.Next(corpus.Files.Length)];
            var whole = File.ReadAllBytes(file);
            File.WriteAllBytes(file, Mutation.Mutate(whole, random)); // stays there when the reader fails
            var handling = random.Next(2) == 0 ? InvalidRecordHandling.Throw : InvalidRecordHandling.Skip;
            var reading = Task.Run(() => Mutation.Survives(corpus.Format, corpus.Path, corpus.Options with { OnInvalidRecord = handling }));
            if (!reading.Wait(LongestRead)) throw new TimeoutException($"{corpus.Format}: mutant {i} of seed {seed} is not read to its end; it is '{file}'.");
            if (reading.Result) read++;
            File.WriteAllBytes(file, whole);
            progress?.Invoke(i + 1);
        }
        return read;
    }
}
