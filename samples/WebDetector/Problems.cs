using Microsoft.AspNetCore.Diagnostics;
using Microsoft.ML.DetClip;

namespace WebDetector;

/// <summary>Exceptions that are the client's doing become problem details (RFC 9457) that say what to do; others stay 500 without details.</summary>
internal sealed class Problems(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (Describe(exception) is not var (status, title)) return false;
        httpContext.Response.StatusCode = status;
        return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = { Status = status, Title = title, Detail = exception.Message } });
    }

    private static (int Status, string Title)? Describe(Exception exception) => exception switch
    {
        ImageDecodingException { Error: ImageDecodingError.TooLarge } => (StatusCodes.Status413PayloadTooLarge, "The picture is too large"),
        ImageDecodingException { Error: ImageDecodingError.Empty or ImageDecodingError.NotAnImage } => (StatusCodes.Status415UnsupportedMediaType, "That is not a picture"),
        ImageDecodingException => (StatusCodes.Status400BadRequest, "The picture is damaged"),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (StatusCodes.Status413PayloadTooLarge, "The request is too large"),
        BadHttpRequestException bad => (bad.StatusCode, "The request cannot be read"),
        _ => null,
    };
}
