using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Training.Tests;

public sealed class MetricsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-metrics").FullName;

    private string Table => Path.Combine(_folder, "metrics.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_row_reads_back_as_it_was()
    {
        var rows = MetricsRow.Of(Progress(7) with { Validation = new LabelEvaluator().Evaluate() }).ToArray();

        Assert.Equal(["detection", "validation"], rows.Select(r => r.Kind));
        foreach (var row in rows)
        {
            var read = MetricsRow.Parse(row.ToString())!;
            Assert.Equal((row.Step, row.Epoch, row.Kind), (read.Step, read.Epoch, read.Kind));
            Assert.Equal(row.Values, read.Values);
            Assert.Equal(MetricsRow.Header.Split(',').Length, row.ToString().Split(',').Length);
        }
        Assert.Equal(0.25, rows[0]["box_loss"]);
        Assert.Null(rows[0]["validation_ap"]);
    }

    [Theory]
    [InlineData(SampleKind.Detection, "loss alignment_loss box_loss centerness_loss")]
    [InlineData(SampleKind.Grounding, "loss alignment_loss")]
    [InlineData(SampleKind.Pairs, "loss pair_loss")]
    public void A_kind_has_its_own_losses(SampleKind kind, string losses)
    {
        var row = MetricsRow.Of(Progress(1) with { Kind = kind, PairLoss = 3 }).Single();

        Assert.Equal(losses.Split(' '), MetricsRow.Losses.Where(name => row[name] is not null));
        Assert.Equal(kind.ToString(), row.Kind, ignoreCase: true);
    }

    [Fact]
    public void A_number_that_is_none_is_an_empty_cell() => Assert.Null(MetricsRow.Of(Progress(1) with { GradientNorm = double.NaN }).Single()["gradient_norm"]);

    [Fact]
    public void A_run_that_goes_on_loses_the_steps_it_does_again_and_a_line_cut_off()
    {
        Write(stepsDone: 0, 1, 2, 3, 4);
        File.AppendAllText(Table, "5,0.5,dete");

        Write(stepsDone: 2, 3);

        Assert.Equal([1L, 2, 3], MetricsFile.Read(Table).Select(r => r.Step));
        Assert.EndsWith("\n", File.ReadAllText(Table));
    }

    [Fact]
    public void A_run_that_begins_anew_leaves_nothing_of_the_old_one()
    {
        Write(stepsDone: 0, 1, 2, 3);
        Write(stepsDone: 0, 1);

        Assert.Equal([1L], MetricsFile.Read(Table).Select(r => r.Step));
    }

    [Fact]
    public void Another_table_is_refused()
    {
        File.WriteAllText(Table, "a,b\n1,2\n");

        Assert.Contains("has the columns 'a,b'", Assert.Throws<InvalidDataException>(() => MetricsFile.Open(Table, stepsDone: 5)).Message);
        Assert.Equal("a,b\n1,2\n", File.ReadAllText(Table));
    }

    private void Write(long stepsDone, params long[] steps)
    {
        using var file = MetricsFile.Open(Table, stepsDone);
        foreach (var step in steps)
            foreach (var row in MetricsRow.Of(Progress(step))) file.Add(row);
    }

    private static TrainingProgress Progress(long step) => new(step, 10, step / 10.0, 1.5, 0.5, 0.25, 0.75, 1e-3, 2, 30);
}
