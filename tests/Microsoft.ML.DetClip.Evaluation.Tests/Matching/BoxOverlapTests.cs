namespace Microsoft.ML.DetClip.Evaluation.Tests;

public class BoxOverlapTests
{
    [Theory]
    [InlineData(0, 0, 10, 10, 1)]
    [InlineData(5, 0, 10, 10, 50.0 / 150)]
    [InlineData(5, 5, 10, 10, 25.0 / 175)]
    [InlineData(10, 0, 10, 10, 0)] // touching
    [InlineData(2, 2, 0, 5, 0)] // no width
    public void IoU_is_that_of_the_areas(double x, double y, double width, double height, double expected)
    {
        Assert.Equal(expected, BoxOverlap.IoU(new(1, 1, x, y, width, height, 1), Truth(isCrowd: false)), 1e-15);
    }

    [Theory]
    [InlineData(2, 2, 3, 3, 1)] // inside
    [InlineData(5, 0, 10, 10, 0.5)]
    public void Overlap_with_a_crowd_is_the_share_of_the_detection_inside(double x, double y, double width, double height, double expected)
    {
        Assert.Equal(expected, BoxOverlap.IoU(new(1, 1, x, y, width, height, 1), Truth(isCrowd: true)), 1e-15);
    }

    private static GroundTruthBox Truth(bool isCrowd) => new(1, 1, 1, 0, 0, 10, 10, 100, isCrowd);
}
