namespace Microsoft.ML.DetClip;

/// <summary>A region kept for a concept.</summary>
/// <param name="Region">Index of the region, 0 to R − 1.</param>
/// <param name="Concept">Index of the concept, 0 to K − 1.</param>
/// <param name="Score">The region's score for the concept.</param>
public readonly record struct RegionConcept(int Region, int Concept, float Score);
