namespace Microsoft.ML.DetClip;

/// <summary>Which boxes suppress one another.</summary>
public enum NmsScope
{
    /// <summary>Those of one concept; so a concept's detections depend on no other concept.</summary>
    Class,

    /// <summary>Those of concepts of one <see cref="Concept.Group"/>: one name for each place, among synonyms.</summary>
    Group,

    /// <summary>All: one name for each place (class-agnostic).</summary>
    All,
}
