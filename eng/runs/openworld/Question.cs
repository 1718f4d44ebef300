namespace OpenWorldRuns;

/// <summary>A table of the page: one question, its rows, and the paper's answer.</summary>
/// <param name="Id">What the page's marks call it.</param>
/// <param name="Reference">The row that others are compared with; null compares each with the one before.</param>
/// <param name="Rows">In their order.</param>
internal sealed record Question(string Id, string? Reference, params IReadOnlyList<QuestionRow> Rows)
{
    /// <summary>Whether time is that which passed, for rows that a GPU computed, and not that of a processor.</summary>
    public bool IsOnGpu { get; init; }

    private static readonly QuestionRow Chosen = new("pairs", "31.3 (29.4/31.7/31.3)", 31.3);

    /// <summary>All tables. The paper's numbers are its tables 2 to 5: fixed AP on LVIS minival, rare/common/frequent.</summary>
    public static IReadOnlyList<Question> All { get; } =
    [
        new("ladder", null,
            new("detection", "28.6 (24.2/27.1/30.6)", 28.6), Chosen, new("grounding", "38.4 (36.7/37.9/39.1)", 38.4), new("more-pairs", "40.4 (36.0/41.7/40.0)", 40.4)),
        new("large", null, new("large-detection", "28.6 (24.2/27.1/30.6)", 28.6), Chosen with { Name = "large-pairs" }, new("large-grounding", "38.4 (36.7/37.9/39.1)", 38.4)) { IsOnGpu = true },
        new("clipping", null,
            new("clip-1-detection"), new("detection"), new("clip-1-pairs"), new("pairs")),
        new("asked", null, new("asked-100"), new("grounding")),
        new("proposal-score", "pairs",
            new("score-foreground", "28.4 (26.6/28.2/28.8)", 28.4), new("score-iou", "30.1 (30.0/30.1/30.2)", 30.1), new("score-centerness", "30.2 (28.4/30.6/30.1)", 30.2),
            new("score-own-text", "29.6 (24.9/29.5/30.5)", 29.6), Chosen, new("score-text-centerness", "30.9 (30.2/31.1/30.8)", 30.9)),
        new("proposals", "pairs", new("k-25", "30.6 (29.9/30.5/30.8)", 30.6), new("k-50", "30.8 (30.2/30.6/31.0)", 30.8), Chosen, new("k-200", "30.8 (29.4/30.6/31.1)", 30.8)),
        new("temperature", "pairs", new("tau-1", "30.1 (28.4/30.3/30.3)", 30.1), Chosen, new("tau-0.15", "30.8 (29.6/31.0/30.9)", 30.8), new("tau-0.07", "29.2 (27.5/29.0/29.6)", 29.2)),
        new("weight", "pairs", new("lambda-0.03", "30.5 (29.6/30.0/31.0)", 30.5), Chosen, new("lambda-0.3", "30.9 (29.4/31.5/30.7)", 30.9), new("lambda-1", "28.9 (27.7/28.8/29.3)", 28.9)),
        new("direction", "pairs", Chosen, new("direction-image-to-text", "29.8 (30.0/29.7/29.9)", 29.8), new("direction-both", "30.9 (30.0/31.5/30.5)", 30.9)),
        new("matching", "pairs", new("matching-largest-box", "29.8 (28.5/39.5/30.4)", 29.8), Chosen, new("matching-one-to-many", "30.9 (31.3/30.7/31.1)", 30.9)),
        new("deformable-detection", "plain-detection", new("plain-detection", "28.8 (26.0/28.0/30.0)", 28.8), new("detection", "28.6 (24.2/27.1/30.6)", 28.6)),
        new("deformable-all", "plain-grounding", new("plain-grounding", "37.3 (34.1/36.9/38.2)", 37.3), new("grounding", "38.4 (36.7/37.9/39.1)", 38.4)),
        new("resolution", "pairs", new("resolution-64", "30.5 at 224", 30.5), Chosen with { Paper = "31.3 at 320" }, new("resolution-128", "31.5 at 384", 31.5)),
        new("definitions", null, Chosen, new("grounding"), new("names-alone"), new("names-alone-grounding")),
        new("text-rate", "pairs", new("text-frozen"), Chosen, new("text-full-rate")),
        new("rival", null, new("detection"), new("closed-set")),
        new("ways-to-ask", null,
            new("pairs"), new("pairs-asked-name"), new("pairs-asked-alias"), new("pairs-asked-alias-definition")),
    ];
}

/// <summary>A row of a table.</summary>
/// <param name="Name">As in results.csv.</param>
/// <param name="Paper">What the paper has, to print.</param>
/// <param name="PaperAP">Its AP; null where it has none.</param>
internal sealed record QuestionRow(string Name, string Paper = "not given", double? PaperAP = null);
