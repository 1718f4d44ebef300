using Xunit;

namespace Microsoft.ML.DetClip.Testing;

/// <summary>A test on WordNet's files and data of the folder "shared"; skipped, saying so, where one is absent.</summary>
public sealed class WordNetFactAttribute : FactAttribute
{
    /// <summary>Where Debian's package wordnet-base puts them.</summary>
    public const string Folder = "/usr/share/wordnet";

    public WordNetFactAttribute(params string[] needs)
    {
        if (!File.Exists(Path.Combine(Folder, "index.noun"))) Skip = $"needs WordNet in {Folder}; Debian's package wordnet-base has it";
        else if (!SharedData.Has(needs)) Skip = $"needs {string.Join(", ", needs)} in the folder 'shared' beside the repository";
    }
}
