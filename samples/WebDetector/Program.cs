using Microsoft.Extensions.Options;
using WebDetector;

// A page where one types names and sees boxes: dotnet run -c Release --project samples/WebDetector [-- --model DETECTOR.zip --urls http://localhost:5000]
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--model"] = "Detector:Model" });
builder.Services.AddOptions<WebDetectorOptions>().BindConfiguration("Detector").ValidateDataAnnotations();
builder.Services.AddSingleton<SharedDetector>().AddSingleton<PictureStore>().AddSingleton(TimeProvider.System);
builder.Services.AddProblemDetails().AddExceptionHandler<Problems>().Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
builder.AddRequestLimits(builder.Configuration.GetSection("Detector").Get<WebDetectorOptions>() ?? new());

await using var app = builder.Build();
try
{
    app.Services.GetRequiredService<SharedDetector>(); // a missing model or a bad setting shows now, not at the first request
}
catch (Exception e) when (e is IOException or InvalidDataException or OptionsValidationException)
{
    Console.Error.WriteLine($"{e.Message}\nRun samples/QuickStart first, or name a detector with --model.");
    return 2;
}

app.UseExceptionHandler();
app.UseStatusCodePages();
app.Use((context, next) =>
{
    context.Response.OnStarting(() =>
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Task.CompletedTask;
    });
    return next(context);
});
app.UseDefaultFiles();
app.UseStaticFiles();
app.UseRequestTimeouts();
app.UseRateLimiter();
app.MapDetectionApi(app.Services.GetRequiredService<IOptions<WebDetectorOptions>>().Value);
await app.RunAsync();
return 0;
