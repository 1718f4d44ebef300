using Microsoft.Playwright;
using SkiaSharp;
using static Microsoft.Playwright.Assertions;

namespace Microsoft.ML.DetClip.Samples.Tests;

/// <summary>The page in a real browser, as a person uses it.</summary>
/// <remarks>Set DETCLIP_SAMPLE_DETECTOR to a trained detector, and the screenshot is the one of the sample's README.</remarks>
[Collection(AfterQuickStart.Name)]
public sealed class WebPageTests(WebPageTests.Browser browser) : IClassFixture<WebPageTests.Browser>, IAsyncLifetime
{
    private static readonly string? Trained = Environment.GetEnvironmentVariable("DETCLIP_SAMPLE_DETECTOR");

    private readonly string _screenshots = Path.Combine(AppContext.BaseDirectory, "screenshots");
    private readonly List<string> _asked = [];
    private readonly List<string> _complaints = [];
    private IPage _page = null!;

    public async Task InitializeAsync()
    {
        if (ChromiumFactAttribute.Path is null) return;
        _page = await browser.OpenAsync();
        _page.Console += (_, message) => { if (message.Type is "error" or "warning") _complaints.Add(message.Text); };
        _page.PageError += (_, error) => _complaints.Add(error);
        _page.Request += (_, request) => { if (request.Url.EndsWith("/detections", StringComparison.Ordinal)) _asked.Add(request.PostData ?? ""); };
        await _page.GotoAsync(browser.Address);
    }

    public Task DisposeAsync() => _page?.CloseAsync() ?? Task.CompletedTask;

    [ChromiumFact]
    public async Task One_uploads_a_picture_types_names_sees_boxes_and_moves_the_slider()
    {
        await _page.SetInputFilesAsync("#file", Upload());
        await Expect(_page.Locator("#picture")).ToBeVisibleAsync();

        await _page.Locator("#names").PressSequentiallyAsync("red ball, yellow star, blue box", new() { Delay = 20 });

        await Expect(_page.Locator(".chips li")).ToHaveCountAsync(3);
        await _page.Locator("#threshold").FillAsync(Trained is null ? "0" : "0.2");
        await Expect(_page.Locator(".box")).Not.ToHaveCountAsync(0);
        await Screenshot("uploaded");
        await _page.Locator("#threshold").FillAsync("0.99");
        await Expect(_page.Locator(".box")).ToHaveCountAsync(0);
        await Expect(_page.Locator(".chips .none")).ToHaveCountAsync(3);
        Assert.Empty(_complaints);
    }

    [ChromiumFact]
    public async Task A_name_is_asked_once_and_the_slider_asks_nothing()
    {
        await _page.Locator("#samples button").First.ClickAsync();
        await Expect(_page.Locator(".chips li")).ToHaveCountAsync(5);
        Assert.Single(_asked);

        await _page.Locator("#threshold").FillAsync("0.5");
        await _page.Locator("#onePerPlace").UncheckAsync();
        await _page.Locator("#names").FillAsync("yellow ring");
        await Expect(_page.Locator(".chips li")).ToHaveCountAsync(1);
        await _page.Locator("#names").FillAsync("yellow ring, green heart");
        await Expect(_page.Locator(".chips li")).ToHaveCountAsync(2);

        Assert.Equal(2, _asked.Count);
        Assert.Equal("""{"names":["green heart"]}""", _asked[1]);
        Assert.Empty(_complaints);
    }

    [ChromiumFact]
    public async Task A_sample_is_shown_with_its_boxes_where_they_belong()
    {
        await _page.Locator("#samples button").First.ClickAsync();
        await Expect(_page.Locator(".chips li")).ToHaveCountAsync(5);
        await _page.Locator("#threshold").FillAsync(Trained is null ? "0" : "0.2");
        await Expect(_page.Locator(".box")).Not.ToHaveCountAsync(0);

        var image = (await _page.Locator("#image").BoundingBoxAsync())!;
        foreach (var box in await _page.Locator(".box").AllAsync())
        {
            var place = (await box.BoundingBoxAsync())!;
            Assert.InRange(place.X, image.X - 1, image.X + image.Width);
            Assert.InRange(place.Y + place.Height, image.Y, image.Y + image.Height + 1);
        }
        await Screenshot("sample");
    }

    [ChromiumFact]
    public async Task A_file_that_is_no_picture_is_refused_in_words()
    {
        await _page.SetInputFilesAsync("#file", new FilePayload { Name = "notes.txt", MimeType = "text/plain", Buffer = "no picture"u8.ToArray() });

        await Expect(_page.Locator("#error")).ToContainTextAsync("no known format");
        await Expect(_page.Locator("#picture")).ToBeHiddenAsync();
    }

    private Task Screenshot(string name) => _page.ScreenshotAsync(new() { Path = Path.Combine(_screenshots, $"webdetector-{name}.png") });

    private static FilePayload Upload()
    {
        using var bitmap = new SKBitmap(640, 480);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Red };
        canvas.Clear(SKColors.LightGray);
        canvas.DrawCircle(180, 200, 90, paint);
        paint.Color = SKColors.Blue;
        canvas.DrawRect(380, 220, 160, 160, paint);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return new() { Name = "photo.png", MimeType = "image/png", Buffer = png.ToArray() };
    }

    /// <summary>One server and one browser for the tests of this class.</summary>
    public sealed class Browser(QuickStartFolder quickStart) : IAsyncLifetime
    {
        private WebServer? _server;
        private IPlaywright? _playwright;
        private IBrowser? _browser;

        public string Address => _server!.Address.ToString();

        public async Task InitializeAsync()
        {
            if (ChromiumFactAttribute.Path is null) return;
            _server = WebServer.Start(Trained ?? quickStart.Detector, $"ScoreThreshold={(Trained is null ? "0" : "0.05")}", "RequestsAtOnce=1000");
            _playwright = await Playwright.Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = ChromiumFactAttribute.Path, Args = ["--no-sandbox"] });
        }

        public Task<IPage> OpenAsync() => _browser!.NewPageAsync(new() { ViewportSize = new() { Width = 1080, Height = 752 }, ColorScheme = ColorScheme.Light });

        public async Task DisposeAsync()
        {
            if (_browser is not null) await _browser.DisposeAsync();
            _playwright?.Dispose();
            _server?.Dispose();
        }
    }
}
