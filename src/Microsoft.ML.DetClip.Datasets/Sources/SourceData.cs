namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What a source holds.</summary>
/// <param name="Rows">One for each image, or for each caption.</param>
/// <param name="Report">What was cut or left out.</param>
internal sealed record SourceData(IReadOnlyList<SourceRow> Rows, ReadReport Report);
