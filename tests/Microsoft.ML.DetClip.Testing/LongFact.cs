using Xunit;

namespace Microsoft.ML.DetClip.Testing;

/// <summary>A test that takes minutes: it runs only where the environment variable DETCLIP_LONG_TESTS is 1 and the data it needs is there.</summary>
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute(params string[] needs)
    {
        if (Environment.GetEnvironmentVariable("DETCLIP_LONG_TESTS") != "1") Skip = "takes minutes; set DETCLIP_LONG_TESTS=1 to run it";
        else if (!SharedData.Has(needs)) Skip = $"needs {string.Join(", ", needs)} in the folder 'shared' beside the repository";
    }
}
