using Xunit;

namespace Microsoft.ML.DetClip.Testing;

/// <summary>A test on WordNet's files and data of the folder "shared"; skipped, saying so, where one is absent.</summary>
public sealed class WordNetFactAttribute : FactAttribute
{
    /// <summary>Where Debian's package wordnet-base puts them.</summary>
    public const string Folder = "/usr/share/wordnet";

    public WordNetFactAttribute(params string[] needs) => Skip = File.Exists(Path.Combine(Folder, "index.noun"))
        ? SharedData.ReasonToSkip(needs)
        : $"needs WordNet in {Folder}; Debian's package wordnet-base has it";
}
