using Xunit;

namespace Microsoft.ML.DetClip.Testing;

/// <summary>A test on data of the folder "shared"; skipped, saying so, where that data is absent.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(params string[] needs) => Skip = SharedData.ReasonToSkip(needs);
}

/// <summary>A theory on data of the folder "shared"; skipped, saying so, where that data is absent.</summary>
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute(params string[] needs) => Skip = SharedData.ReasonToSkip(needs);
}
