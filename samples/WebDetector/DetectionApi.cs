using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.ML.DetClip;

namespace WebDetector;

/// <summary>What the page asks: pictures are sent once, then asked about by names, as often as these change.</summary>
internal static class DetectionApi
{
    private const int QuestionBytes = 64 << 10;

    public static void MapDetectionApi(this IEndpointRouteBuilder routes, WebDetectorOptions options)
    {
        var api = routes.MapGroup("/api").RequireRateLimiting(RequestLimits.PerClient);
        api.MapGet("/limits", () => new Limits(options.ScoreThreshold, options.MaxPictureBytes, options.MaxNames, options.MaxNameLength));
        api.MapPost("/pictures", AddPicture).WithMetadata(new RequestSizeLimitAttribute(options.MaxPictureBytes));
        api.MapPost("/pictures/{id}/detections", Detect).WithMetadata(new RequestSizeLimitAttribute(QuestionBytes));
    }

    // The body is the image file itself: a form would be written to a temporary file when it is large.
    private static async Task<IResult> AddPicture(HttpRequest request, PictureStore pictures, IOptions<WebDetectorOptions> options, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        var encoded = body.ToArray();
        using var image = ImageDecoder.FromBytes(encoded, "upload", options.Value.MaxPicturePixels);
        return Results.Ok(new PictureAdded(pictures.Add(new(encoded, image.Width, image.Height)), image.Width, image.Height));
    }

    private static async Task<IResult> Detect(
        string id, Question question, PictureStore pictures, SharedDetector detector, IOptions<WebDetectorOptions> options, CancellationToken cancellation)
    {
        if (!pictures.TryGet(id, out var picture))
            return Results.Problem("The picture is not kept any more; send it again.", statusCode: StatusCodes.Status404NotFound, title: "No such picture");
        if (question.Fault(options.Value) is { } fault) return Results.ValidationProblem(new Dictionary<string, string[]> { ["names"] = [fault] }, detail: fault);
        var watch = Stopwatch.StartNew();
        var found = await detector.FindAsync(picture, question.DistinctNames(), cancellation);
        return Results.Ok(new Answer([.. found.Select(d => new FoundObject(d.Label, d.Score, [d.Box.X0, d.Box.Y0, d.Box.X1, d.Box.Y1]))], watch.ElapsedMilliseconds));
    }

    private sealed record Limits(float ScoreThreshold, int MaxPictureBytes, int MaxNames, int MaxNameLength);

    private sealed record PictureAdded(string Id, int Width, int Height);

    private sealed record Question(string?[]? Names)
    {
        /// <summary>What is wrong with the names; null when nothing is.</summary>
        public string? Fault(WebDetectorOptions options) => DistinctNames() switch
        {
            [] => "Give at least one name to look for.",
            { Length: var count } when count > options.MaxNames => $"There are {count} names; {options.MaxNames} are allowed.",
            var names when names.FirstOrDefault(n => n.Length > options.MaxNameLength) is { } name =>
                $"The name '{name[..20]}…' has {name.Length} characters; {options.MaxNameLength} are allowed.",
            _ => null,
        };

        public string[] DistinctNames() => [.. (Names ?? []).Select(n => n?.Trim() ?? "").Where(n => n.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <param name="Detections">Best score first.</param>
    /// <param name="Milliseconds">From the question to its answer, waiting included.</param>
    private sealed record Answer(FoundObject[] Detections, long Milliseconds);

    /// <param name="Label">The name, as it was asked for.</param>
    /// <param name="Score">0 to 1.</param>
    /// <param name="Box">x0, y0, x1, y1 in pixels of the picture.</param>
    private sealed record FoundObject(string Label, float Score, float[] Box);
}
