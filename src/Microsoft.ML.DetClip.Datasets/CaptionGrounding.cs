namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Finds the words of a caption that name what is boxed in its image.</summary>
internal static class CaptionGrounding
{
    /// <summary>The caption with the boxes of every category that it names. Of names that share words, such as "hot dog" and "dog", the longest counts.</summary>
    public static DatasetSample Ground(DatasetSample caption, DatasetSample image)
    {
        var words = CaptionWords.All(caption.Caption);
        var phrases = new Dictionary<string, string>();
        var taken = new bool[words.Count];
        foreach (var category in image.Labels.Distinct().OrderByDescending(label => label.Count(char.IsWhiteSpace)))
            if (Find(words, taken, category) is { } phrase) phrases.Add(category, phrase);
        var named = image.Boxes.Index().Where(b => !image.IsCrowd[b.Index] && phrases.ContainsKey(image.Labels[b.Index])).ToArray();
        return caption with
        {
            Kind = DatasetSampleKind.Grounding,
            Labels = [.. named.Select(b => phrases[image.Labels[b.Index]])],
            Boxes = [.. named.Select(b => b.Item)],
            IsCrowd = new bool[named.Length],
        };
    }

    /// <summary>The first place where the name stands; its words are taken there. Null when there is none.</summary>
    private static string? Find(IReadOnlyList<string> words, bool[] taken, string name)
    {
        foreach (var form in WordForms.AllNumbers(WordForms.Fold(name)))
        {
            var wanted = form.Split(' ');
            for (var start = 0; start + wanted.Length <= words.Count; start++)
            {
                if (!words.Skip(start).Take(wanted.Length).SequenceEqual(wanted) || taken.AsSpan(start, wanted.Length).Contains(true)) continue;
                taken.AsSpan(start, wanted.Length).Fill(true);
                return form;
            }
        }
        return null;
    }
}
