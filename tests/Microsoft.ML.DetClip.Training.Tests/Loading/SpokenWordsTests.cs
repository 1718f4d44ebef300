namespace Microsoft.ML.DetClip.Training.Tests;

public class SpokenWordsTests
{
    private static readonly SpokenWords Words = new("Two brown Dogs, a knife and the fire-engine.", ["brown dog", "a street light"]);

    [Theory]
    [InlineData("dog", true)]
    [InlineData("DOGS", true)]
    [InlineData("the dog", true)]
    [InlineData("brown  dog", true)]
    [InlineData("fire engine", true)]
    [InlineData("fire-engines", true)]
    [InlineData("knives", true)]
    [InlineData("street light", true)] // of a phrase alone
    [InlineData("!?", true)]           // nothing to ask for
    [InlineData("do", false)]          // part of a word
    [InlineData("dog brown", false)]
    [InlineData("brown knife", false)] // words that are not together
    [InlineData("dog street", false)]  // words of different texts
    [InlineData("cat", false)]
    public void A_name_is_mentioned_where_its_words_are_spoken_together(string name, bool isMentioned) => Assert.Equal(isMentioned, Words.Mention(name));

    [Theory]
    [InlineData("a man left of a car", true)]
    [InlineData("his RIGHT hand", true)]
    [InlineData("right", true)]
    [InlineData("a bright light, leftover food", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Left_and_right_are_words(string? text, bool tellsSides) => Assert.Equal(tellsSides, SpokenWords.TellSides(text));
}
