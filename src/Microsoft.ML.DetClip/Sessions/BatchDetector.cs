using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>An image to look at and what to look for; disposes the image if it owns it.</summary>
internal sealed record DetectionInput(Lent<MLImage> Image, EncodedVocabulary Vocabulary) : IDisposable
{
    public void Dispose() => Image.Dispose();
}

/// <summary>Images to detections or regions: views that share a canvas, and a vocabulary where it matters, go through the graph together.</summary>
/// <remarks>N views, H×W canvas, P phrases of concepts, R regions.</remarks>
internal static class BatchDetector
{
    /// <summary>The detections of each image, in the order of the images.</summary>
    public static DetectionList[] Detect(DetectorSession session, IReadOnlyList<DetectionInput> inputs, DetectionPlan plan)
    {
        var views = inputs.Select(input => ImageView.Of(input.Image.Value, plan.Tiles, session).ToArray()).ToArray();
        var selectors = inputs.Select(input => new DetectionSelector(input.Vocabulary, plan.Selection)).ToArray();
        var all = views.SelectMany((own, image) => own.Select(view => (View: view, Image: image)));
        foreach (var group in all.GroupBy(v => (v.View.Plan.CanvasWidth, v.View.Plan.CanvasHeight, inputs[v.Image].Vocabulary)))
        {
            var vocabulary = group.Key.Vocabulary;
            foreach (var batch in group.Chunk(session.BatchSize(plan, group.First().View.Plan, vocabulary.Plan.PhraseCount)))
            {
                using var scores = Run(session, [.. batch.Select(v => v.View)], (pixels, shape) => session.Run(pixels, shape, vocabulary, plan.MaxRegions));
                foreach (var (i, (view, image)) in batch.Index())
                    selectors[image].Add(view.ToImage(scores.Boxes(i)), scores.Scores(i, vocabulary.Plan.PhraseCount), view.Tile, isOnly: views[image].Length == 1);
            }
        }
        return [.. selectors.Select(selector => selector.Select())];
    }

    /// <summary>The regions of one image with their scores, view by view, before any selection.</summary>
    public static ScoredView[] Score(DetectorSession session, MLImage image, EncodedVocabulary vocabulary, DetectionPlan plan)
    {
        var scored = new List<ScoredView>();
        foreach (var view in ImageView.Of(image, plan.Tiles, session))
        {
            using var scores = Run(session, [view], (pixels, shape) => session.Run(pixels, shape, vocabulary, plan.MaxRegions));
            scored.Add(new(view.Tile, view.ToImage(scores.Boxes(0)), scores.Scores(0, vocabulary.Plan.PhraseCount).ToArray()));
        }
        return [.. scored];
    }

    /// <summary>The regions of each image, in the order of the images.</summary>
    /// <exception cref="InvalidOperationException">The detector was exported before graphs gave regions.</exception>
    public static RegionList[] FindRegions(DetectorSession session, IReadOnlyList<MLImage> images, DetectionPlan plan)
    {
        var views = images.Select(image => ImageView.Of(image, plan.Tiles, session).ToArray()).ToArray();
        var found = new Dictionary<ImageView, TileRegions>(ReferenceEqualityComparer.Instance);
        foreach (var group in views.SelectMany(v => v).GroupBy(v => (v.Plan.CanvasWidth, v.Plan.CanvasHeight)))
            foreach (var batch in group.Chunk(session.BatchSize(plan, group.First().Plan, phrases: 1)))
            {
                using var regions = Run(session, batch, (pixels, shape) => session.RunRegions(pixels, shape, plan.MaxRegions));
                foreach (var (i, view) in batch.Index())
                    found[view] = new(view.Tile, view.ToImage(regions.Boxes(i)), regions.Embeddings(i).ToArray(), regions.Qualities(i).ToArray(), regions.Count < plan.MaxRegions);
            }
        return [.. views.Select((own, i) => RegionList.Join(session.Manifest, new(images[i].Width, images[i].Height), [.. own.Select(view => found[view])]))];
    }

    private static T Run<T>(DetectorSession session, ImageView[] views, Func<Memory<float>, long[], T> run)
    {
        var plan = views[0].Plan;
        var imageLength = 3 * plan.CanvasHeight * plan.CanvasWidth;
        using var pixels = new PooledFloats(checked(views.Length * imageLength)); // [N, 3, H, W]
        Parallel.For(0, views.Length, i => views[i].Normalize(session, pixels.Memory.Span.Slice(i * imageLength, imageLength)));
        return run(pixels.Memory, [views.Length, 3, plan.CanvasHeight, plan.CanvasWidth]);
    }
}
