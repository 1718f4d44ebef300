namespace Microsoft.ML.DetClip.Evaluation.Tests;

public class PairwiseMeanTests
{
    // numpy 1.24: np.mean(1.0 / np.arange(1, n + 1)), by repr.
    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(7, 0.37040816326530607)]
    [InlineData(8, 0.3397321428571428)]
    [InlineData(9, 0.31432980599647264)]
    [InlineData(64, 0.07412329537040264)]
    [InlineData(127, 0.04271917002038718)]
    [InlineData(128, 0.04244646166085291)]
    [InlineData(129, 0.042177511864912164)]
    [InlineData(1000, 0.007485470860550345)]
    [InlineData(1010, 0.007421204200545009)]
    [InlineData(12345, 0.0008099038127469928)]
    public void Mean_is_that_of_numpy_to_the_last_bit(int count, double expected) =>
        Assert.Equal(expected, PairwiseMean.Of([.. Enumerable.Range(1, count).Select(i => 1.0 / i)]));
}
