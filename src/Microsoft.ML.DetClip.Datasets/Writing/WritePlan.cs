using System.Globalization;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Fits a data set to what a format can hold, and tells what is lost.</summary>
internal sealed class WritePlan(DatasetContent holds)
{
    private readonly List<string> _dropped = [];

    /// <summary>What the format cannot hold, each as "12 captions".</summary>
    public IReadOnlyList<string> Dropped => _dropped;

    /// <summary>The data set as the format takes it.</summary>
    public WriteJob Fit(string path, IReadOnlyList<DatasetSample> samples, IReadOnlyList<DatasetCategory> categories, DatasetWriteOptions options)
    {
        if (samples.FirstOrDefault(s => !s.ImageBytes.IsEmpty) is { } packed)
            throw new InvalidDataException($"'{packed.ImagePath}' is inside a file of many images; unpack them: images=FOLDER, or ImageFolder of the options, says where to.");
        IReadOnlyList<DatasetSample> kept = Holds(DatasetContent.Captions) ? WithSizes(samples) : MergeCaptions(samples);
        var all = AllCategories(kept, categories);
        var used = kept.SelectMany(s => s.Labels).ToHashSet();
        Lose(DatasetContent.Crowds, kept.Sum(s => s.IsCrowd.Count(crowd => crowd)), "marks of crowds");
        Lose(DatasetContent.AbsentLabels, kept.Sum(s => s.AbsentLabels.Count + s.PartialLabels.Count), "notes of absent or not exhaustively boxed categories");
        Lose(DatasetContent.UnusedCategories, all.Count(c => !used.Contains(c.Name)), "categories without boxes");
        Lose(DatasetContent.CategoryDetails, all.Count(HasDetails), "definitions, synonyms and frequencies of categories");
        Lose(DatasetContent.CategoryIds, all.Index().Count(c => c.Item.Id != c.Index + 1), "ids of categories");
        Lose(DatasetContent.ImageIds, kept.Index().Count(s => s.Item.ImageId != s.Index + 1), "ids of images");
        Lose(DatasetContent.ImageSizes, kept.Count, "sizes of images");
        Lose(DatasetContent.ImageNames, kept.Count, "names of images");
        Lose(DatasetContent.CategoryNames, all.Count, "names of categories");
        Lose(DatasetContent.ReviewMarks, kept.Sum(s => s.NeedsReview.Count(marked => marked)), "marks for review");
        Lose(DatasetContent.EmptyImages, kept.Count(s => s.Boxes.Count == 0), "images without boxes");
        var job = new WriteJob(path, kept, all, options);
        Lose(DatasetContent.ImageFolders, kept.Count(s => job.NameOf(s).Contains('/')), "folders in names of images");
        return job;
    }

    private bool Holds(DatasetContent content) => (holds & content) != 0;

    private void Lose(DatasetContent content, int count, string what)
    {
        if (count > 0 && !Holds(content)) _dropped.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
    }

    private static bool HasDetails(DatasetCategory category) =>
        category.Definition is not null || category.Synset is not null || category.Frequency is not null || category.Synonyms.Count > 0;

    private DatasetSample[] WithSizes(IReadOnlyList<DatasetSample> samples)
    {
        var sized = samples.Where(s => s.Width > 0 && s.Height > 0).ToArray();
        if (sized.Length < samples.Count) _dropped.Add(string.Create(CultureInfo.InvariantCulture, $"{samples.Count - sized.Length} images whose size is not known"));
        return sized;
    }

    // Without captions an image is there once, with the phrases of all its captions; a mere pair says nothing that boxes could.
    private List<DatasetSample> MergeCaptions(IReadOnlyList<DatasetSample> samples)
    {
        var pairs = samples.Count(s => s.Kind == DatasetSampleKind.Pairs);
        Lose(DatasetContent.Captions, pairs, "image-text pairs");
        Lose(DatasetContent.Captions, samples.Count(s => s.Kind == DatasetSampleKind.Grounding), "captions, whose phrases become categories");
        return [.. samples.Where(s => s.Kind != DatasetSampleKind.Pairs).GroupBy(s => s.ImagePath).Select((group, i) => Merge([.. group]))];
    }

    private static DatasetSample Merge(DatasetSample[] samples)
    {
        if (samples.Length == 1) return samples[0] with { Caption = "", Kind = DatasetSampleKind.Detection };
        var objects = samples.SelectMany(s => s.Boxes.Zip(s.Labels, s.IsCrowd)).Distinct().ToArray();
        return samples[0] with
        {
            Caption = "",
            Kind = DatasetSampleKind.Detection,
            Boxes = [.. objects.Select(o => o.First)],
            Labels = [.. objects.Select(o => o.Second)],
            IsCrowd = [.. objects.Select(o => o.Third)],
            Scores = [],
            NeedsReview = [],
        };
    }

    // Labels that are no declared category get numbers behind the last.
    private static List<DatasetCategory> AllCategories(IReadOnlyList<DatasetSample> samples, IReadOnlyList<DatasetCategory> categories)
    {
        var (all, names) = (categories.ToList(), categories.Select(c => c.Name).ToHashSet());
        var next = categories.Count == 0 ? 1 : categories.Max(c => c.Id) + 1;
        foreach (var name in samples.Where(s => s.Kind == DatasetSampleKind.Detection).SelectMany(s => s.Labels.Concat(s.AbsentLabels).Concat(s.PartialLabels)))
            if (names.Add(name)) all.Add(new(next++, name));
        return all;
    }
}
