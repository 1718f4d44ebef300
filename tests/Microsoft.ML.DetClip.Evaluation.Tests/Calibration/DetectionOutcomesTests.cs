namespace Microsoft.ML.DetClip.Evaluation.Tests.Calibration;

public class DetectionOutcomesTests
{
    private static readonly Box A = new(0, 0, 10, 10), B = new(20, 0, 30, 10), Nearly = new(0, 1, 10, 11);

    private readonly DetectionOutcomes _outcomes = new(["mug", "car"], leastIoU: 0.5);

    [Fact]
    public void An_object_is_given_to_the_surest_detection_alone()
    {
        Add(["mug", "mug"], [A, B], ["mug", "mug", "car"], [Nearly, A, B], [0.9f, 0.8f, 0.7f]);

        Assert.Equal([(0.9f, true), (0.8f, false)], _outcomes.Of(0));
        Assert.Equal([(0.7f, false)], _outcomes.Of(1)); // of another label
        Assert.Equal((2, 0, 0, 1), (_outcomes.ObjectsOf(0), _outcomes.ObjectsOf(1), _outcomes.AbsentImagesOf(0), _outcomes.AbsentImagesOf(1)));
    }

    [Fact]
    public void Crowds_and_labels_that_are_not_boxed_throughout_judge_nobody()
    {
        _outcomes.Add(new(["mug"], [A], [true]) { PartlyAnnotatedLabels = ["car"] }, new(["mug", "mug", "car"], [Nearly, B, A], [0.9f, 0.8f, 0.7f]));

        Assert.Equal([(0.8f, false)], _outcomes.Of(0));
        Assert.Empty(_outcomes.Of(1));
        Assert.Equal((0, 0, 0), (_outcomes.ObjectsOf(0), _outcomes.AbsentImagesOf(0), _outcomes.AbsentImagesOf(1)));
    }

    [Fact]
    public void Images_without_a_label_count_once_by_their_surest_detection()
    {
        Add(["mug"], [A], ["car", "car"], [A, B], [0.4f, 0.6f]);
        Add([], [], [], [], []);
        Add(["car"], [A], ["car"], [B], [0.9f]);

        Assert.Equal(2, _outcomes.AbsentImagesOf(1));
        Assert.Equal([1, 1, 0], new[] { 0.3f, 0.5f, 0.6f }.Select(t => _outcomes.FalseImagesOf(1, score => score > t)));
    }

    private void Add(string[] labels, Box[] boxes, string[] found, Box[] where, float[] scores) => _outcomes.Add(new(labels, boxes), new(found, where, scores));
}
