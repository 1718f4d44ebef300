using Xunit;

namespace Microsoft.ML.DetClip.Testing;

/// <summary>A test on data of the folder "shared"; skipped, saying so, where that data is absent.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(params string[] needs)
    {
        if (!SharedData.Has(needs)) Skip = $"needs {string.Join(", ", needs)} in the folder 'shared' beside the repository";
    }
}

/// <summary>A theory on data of the folder "shared"; skipped, saying so, where that data is absent.</summary>
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute(params string[] needs)
    {
        if (!SharedData.Has(needs)) Skip = $"needs {string.Join(", ", needs)} in the folder 'shared' beside the repository";
    }
}
