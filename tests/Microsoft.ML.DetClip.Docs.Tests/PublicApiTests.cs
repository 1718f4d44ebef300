using System.Reflection;
using Microsoft.ML.DetClip.Testing;
using PublicApiGenerator;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>The public surface is a reviewed file: a change of it is a change of tests/Approved.</summary>
public class PublicApiTests
{
    [Theory]
    [InlineData("Microsoft.ML.DetClip")]
    [InlineData("Microsoft.ML.DetClip.Datasets")]
    [InlineData("Microsoft.ML.DetClip.Evaluation")]
    [InlineData("Microsoft.ML.DetClip.Modeling")]
    [InlineData("Microsoft.ML.DetClip.Training")]
    public void The_public_surface_is_the_approved_one(string assembly) => Approved.Equal(
        $"PublicApi.{assembly}",
        Assembly.Load(assembly).GeneratePublicApi(new() { IncludeAssemblyAttributes = false, AllowNamespacePrefixes = ["Microsoft.ML"] }));
}
