namespace Microsoft.ML.DetClip.Tests;

public class WordFormsTests
{
    [Theory]
    [InlineData("alarm clock", "alarm clock")]
    [InlineData("  Alarm \t clock ", "alarm clock")]
    [InlineData("a  b", "a b")]
    [InlineData("", "")]
    [InlineData(" ", "")]
    public void Folding_takes_capitals_and_spaces(string name, string folded)
    {
        Assert.Equal(folded, WordForms.Fold(name));
        Assert.Equal(folded, WordForms.Fold(folded));
    }

    [Theory]
    [InlineData("cup", "cups")]
    [InlineData("wine glass", "wine glasses")]
    [InlineData("bus", "buses")]
    [InlineData("box", "boxes")]
    [InlineData("bench", "benches")]
    [InlineData("dish", "dishes")]
    [InlineData("city", "cities")]
    [InlineData("knife", "knives")]
    [InlineData("shelf", "shelves")]
    [InlineData("woman", "women")]
    [InlineData("man", "men")]
    [InlineData("tomato", "tomatoes")]
    public void Singular_and_plural_are_found_from_each_other(string singular, string plural)
    {
        Assert.Equal(singular, WordForms.AllNumbers(singular).First());
        Assert.Contains(plural, WordForms.AllNumbers(singular));
        Assert.Contains(singular, WordForms.AllNumbers(plural));
    }

    [Theory]
    [InlineData("glass", "glas")]
    [InlineData("bus", "bu")]
    [InlineData("is", "i")]
    public void What_ends_like_a_plural_need_not_be_one(string name, string other) => Assert.DoesNotContain(other, WordForms.AllNumbers(name));
}
