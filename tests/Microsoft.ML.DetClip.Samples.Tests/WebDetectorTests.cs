using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkiaSharp;

namespace Microsoft.ML.DetClip.Samples.Tests;

/// <summary>What the page's server answers, and what it refuses.</summary>
[Collection(AfterQuickStart.Name)]
public sealed class WebDetectorTests(QuickStartFolder quickStart, WebDetectorTests.Server server) : IClassFixture<WebDetectorTests.Server>
{
    private readonly MLContext _mlContext = new();

    private HttpClient Client => server.Web.Client;

    private byte[] Picture => File.ReadAllBytes(Directory.GetFiles(quickStart.TestImages).Order().First());

    [Fact]
    public async Task A_picture_is_sent_once_and_asked_about_as_often_as_names_change()
    {
        var id = await Send(Picture);

        var one = await Ask(id, "red ball");
        var two = await Ask(id, "Blue Ring", "red ball", " red ball ", "");

        Assert.NotEmpty(one);
        Assert.All(one, found => Assert.Equal("red ball", found.Label));
        Assert.Equal(["Blue Ring", "red ball"], two.Select(found => found.Label).Distinct().Order());
        Assert.All(two, found => Assert.True(found is { Score: > 0 and <= 1, Box: [>= 0, >= 0, <= 192, <= 192] }, $"{found}"));
    }

    [Fact]
    public async Task However_often_a_picture_is_asked_the_network_looks_at_it_once()
    {
        var id = await Send(Drawn(101, 53));
        foreach (var name in (string[])["red ball", "blue ring", "red ball"]) await Ask(id, name);
        await Send(Drawn(102, 53));

        Assert.Single(await server.Web.LogUntil(Look(102, 53)), line => line.Contains(Look(101, 53), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_found_is_what_the_detector_finds_with_these_names()
    {
        string[] names = ["red ball", "blue ring"];
        var image = Directory.GetFiles(quickStart.TestImages).Order().First();
        var id = await Send(File.ReadAllBytes(image));
        await Ask(id, "yellow star");

        var asked = await Ask(id, names);

        var expected = Detect(image, names);
        Assert.Equal(expected.Count, asked.Length);
        // Further down, an untrained detector's boxes lie so close to one another in score that rounding decides which of them stays.
        Assert.All(expected.Zip(asked).Take(10), pair =>
        {
            Assert.Equal(pair.First.Label, pair.Second.Label);
            Assert.Equal(pair.First.Score, pair.Second.Score, 1e-5f);
            Assert.All(((float[])[pair.First.Box.X0, pair.First.Box.Y0, pair.First.Box.X1, pair.First.Box.Y1]).Zip(pair.Second.Box), x => Assert.Equal(x.First, x.Second, 192e-5f));
        });
    }

    [Fact]
    public async Task A_detector_that_gives_no_regions_looks_at_each_question_and_says_why()
    {
        using var old = WebServer.Start(Old(quickStart.Detector), "ScoreThreshold=0");
        var id = await Send(Drawn(101, 53), old.Client);
        foreach (var name in (string[])["red ball", "blue ring"]) await Ask(id, old.Client, name);
        await Ask(await Send(Drawn(102, 53), old.Client), old.Client, "red ball");

        var log = await old.LogUntil(Look(102, 53));

        Assert.Equal(2, log.Count(line => line.Contains(Look(101, 53), StringComparison.Ordinal)));
        Assert.Single(log, line => line.Contains("gives no region embeddings", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_ask_at_once_and_all_get_the_same()
    {
        var id = await Send(Picture);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Ask(id, "red ball")));

        Assert.All(answers, answer => Assert.Equal(answers[0].Select(f => (f.Score, f.Box[0])), answer.Select(f => (f.Score, f.Box[0]))));
    }

    [Fact]
    public async Task A_picture_that_a_form_would_write_to_disk_stays_in_memory()
    {
        using var large = new SKBitmap(700, 500);
        var noise = new byte[large.ByteCount];
        new Random(1).NextBytes(noise);
        Marshal.Copy(noise, 0, large.GetPixels(), noise.Length);
        using var png = large.Encode(SKEncodedImageFormat.Png, 100);
        Assert.True(png.Size > 1_000_000);

        await Ask(await Send(png.ToArray()), "red ball");

        Assert.Empty(Directory.EnumerateFiles(server.Web.TemporaryFolder, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(3_000_000, HttpStatusCode.RequestEntityTooLarge, "2000000 bytes")]
    [InlineData(100, HttpStatusCode.UnsupportedMediaType, "no known format")]
    [InlineData(0, HttpStatusCode.UnsupportedMediaType, "no bytes")]
    public async Task What_is_no_picture_or_too_large_is_refused_with_a_reason(int length, HttpStatusCode status, string detail) =>
        await Refused(await Client.PostAsync("api/pictures", new ByteArrayContent(new byte[length])), status, detail);

    [Fact]
    public async Task A_small_file_of_many_pixels_is_refused()
    {
        using var wide = new SKBitmap(2000, 1500);
        using var png = wide.Encode(SKEncodedImageFormat.Png, 100);

        await Refused(await Client.PostAsync("api/pictures", new ByteArrayContent(png.ToArray())), HttpStatusCode.RequestEntityTooLarge, "2000");
    }

    [Theory]
    [InlineData("""{ "names": [] }""", "at least one name")]
    [InlineData("""{ "names": null }""", "at least one name")]
    [InlineData("""{ "names": ["a", "b", "c", "d"] }""", "There are 4 names; 3 are allowed.")]
    [InlineData("""{ "names": ["123456789012345678901234567890"] }""", "has 30 characters; 25 are allowed.")]
    [InlineData("""{ "names": [ """, "JSON")]
    public async Task Names_that_cannot_be_asked_for_are_refused_with_a_reason(string question, string detail)
    {
        var id = await Send(Picture);

        var response = await Client.PostAsync($"api/pictures/{id}/detections", new StringContent(question, null, "application/json"));

        await Refused(response, HttpStatusCode.BadRequest, detail);
    }

    [Fact]
    public async Task A_picture_that_is_not_kept_is_not_found() =>
        await Refused(await Client.PostAsJsonAsync("api/pictures/0123/detections", new { names = (string[])["a"] }), HttpStatusCode.NotFound, "send it again");

    [Fact]
    public async Task Old_pictures_make_room_for_new_ones()
    {
        using var small = WebServer.Start(quickStart.Detector, $"KeptBytes={BytesOfRegions() * 3 / 2}");
        var ids = new[] { await Send(Picture, small.Client), await Send(Picture, small.Client) };

        var statuses = new List<HttpStatusCode>();
        foreach (var id in ids) statuses.Add((await small.Client.PostAsJsonAsync($"api/pictures/{id}/detections", new { names = (string[])["a"] })).StatusCode);

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.OK], statuses);
    }

    [Fact]
    public async Task Too_many_requests_are_told_when_to_come_back()
    {
        using var strict = WebServer.Start(quickStart.Detector, "RequestsAtOnce=3", "RequestsPerSecond=1");

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => strict.Client.GetAsync("api/limits")));

        Assert.Contains(answers, a => a.StatusCode == HttpStatusCode.OK);
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToArray();
        Assert.NotEmpty(refused);
        Assert.All(refused, a => Assert.NotNull(a.Headers.RetryAfter));
        Assert.Equal("application/problem+json", refused[0].Content.Headers.ContentType?.MediaType);
    }

    private static async Task Refused(HttpResponseMessage response, HttpStatusCode status, string detail)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal((status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains(detail, JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString());
    }

    private async Task<string> Send(byte[] picture, HttpClient? client = null)
    {
        var response = await (client ?? Client).PostAsync("api/pictures", new ByteArrayContent(picture));
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
    }

    private Task<Found[]> Ask(string id, params string[] names) => Ask(id, Client, names);

    private static async Task<Found[]> Ask(string id, HttpClient client, params string[] names)
    {
        var response = await client.PostAsJsonAsync($"api/pictures/{id}/detections", new { names });
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return (JsonSerializer.Deserialize<Answer>(body, JsonSerializerOptions.Web))!.Detections;
    }

    private static string Look(int width, int height) => $"looks at a picture of {width}x{height} pixels";

    private static byte[] Drawn(int width, int height)
    {
        using var picture = new SKBitmap(width, height);
        picture.Erase(SKColors.Tan);
        using var png = picture.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    /// <summary>The same detector, as exports were before they told how regions are scored.</summary>
    private string Old(string detector)
    {
        var folder = quickStart.PathOf("old");
        DetectorModel.Load(detector).Save(folder);
        var path = Path.Combine(folder, DetectorContract.ManifestFile);
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        Assert.True(manifest.Remove("scoring"));
        File.WriteAllText(path, manifest.ToJsonString());
        return folder;
    }

    private DetectionList Detect(string image, string[] names)
    {
        var data = _mlContext.Data.LoadFromEnumerable([new Row { Image = image }]);
        using var detector = _mlContext.Transforms.DetectOpenVocabulary(quickStart.Detector, labels: names.Select(name => new Concept(name)), scoreThreshold: 0).Fit(data);
        return _mlContext.Data.CreateEnumerable<Row>(detector.Transform(data), reuseRowObject: false).Single().Detections;
    }

    private long BytesOfRegions()
    {
        using var detector = _mlContext.Transforms.DetectOpenVocabulary(quickStart.Detector, labels: ["a"]).Fit(_mlContext.Data.LoadFromEnumerable<Row>([]));
        using var image = ImageDecoder.FromBytes(Picture, "a picture");
        return sizeof(float) * (long)detector.FindRegions(image).Embeddings.Length;
    }

    private sealed class Row
    {
        public string Image { get; set; } = "";

        [Detections]
        public DetectionList Detections { get; set; } = DetectionList.Empty;
    }

    private sealed record Answer(Found[] Detections);

    private sealed record Found(string Label, float Score, float[] Box);

    /// <summary>One server for the tests of this class, with limits low enough to meet and requests enough for all.</summary>
    public sealed class Server(QuickStartFolder quickStart) : IDisposable
    {
        internal WebServer Web { get; } = WebServer.Start(quickStart.Detector,
            "ScoreThreshold=0", "MaxPictureBytes=2000000", "MaxPicturePixels=1000000", "MaxNames=3", "MaxNameLength=25", "RequestsAtOnce=1000");

        public void Dispose() => Web.Dispose();
    }
}
