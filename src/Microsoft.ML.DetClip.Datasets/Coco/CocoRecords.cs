namespace Microsoft.ML.DetClip.Datasets;

/// <summary>An entry of "images" as it stands in the file; null where the field is missing or of another type.</summary>
internal struct CocoImageRecord
{
    public long? Id;
    public string? FileName;
    public long? Width;
    public long? Height;
    public string? CocoUrl; // LVIS
    public long[]? Absent; // LVIS
    public long[]? Partial; // LVIS
    public string? Caption; // GoldG

    public static CocoImageRecord Read(ref JsonFileReader json, bool takesTextAsNumber = false)
    {
        var record = default(CocoImageRecord);
        while (json.NextProperty() is { } name)
        {
            if (name == "id") record.Id = json.Integer();
            else if (name == "file_name") record.FileName = json.Text();
            else if (name == "width") record.Width = json.Integer(takesTextAsNumber);
            else if (name == "height") record.Height = json.Integer(takesTextAsNumber);
            else if (name == "coco_url") record.CocoUrl = json.Text();
            else if (name == "caption") record.Caption = json.Text();
            else if (name == "neg_category_ids") record.Absent = json.Integers();
            else if (name == "not_exhaustive_category_ids") record.Partial = json.Integers();
            else json.Skip();
        }
        return record;
    }

    public readonly string? Problem() =>
        Id is null ? "id is missing or not an integer"
        : string.IsNullOrWhiteSpace(FileName) ? "file_name is missing or empty"
        : Width is not (> 0 and <= int.MaxValue) ? "width is missing or not a positive integer"
        : Height is not (> 0 and <= int.MaxValue) ? "height is missing or not a positive integer"
        : null;
}

/// <summary>An entry of "categories" as it stands in the file; null where the field is missing or of another type.</summary>
internal struct CocoCategoryRecord
{
    public long? Id;
    public string? Name;
    public string? Definition; // LVIS
    public string? Synset; // LVIS
    public string? Frequency; // LVIS
    public string[]? Synonyms; // LVIS

    public static CocoCategoryRecord Read(ref JsonFileReader json)
    {
        var record = default(CocoCategoryRecord);
        while (json.NextProperty() is { } name)
        {
            if (name == "id") record.Id = json.Integer();
            else if (name == "name") record.Name = json.Text()?.Trim();
            else if (name is "def" or "definition") record.Definition = json.Text();
            else if (name == "synset") record.Synset = json.Text();
            else if (name == "frequency") record.Frequency = json.Text();
            else if (name == "synonyms") record.Synonyms = json.Texts();
            else json.Skip();
        }
        return record;
    }

    public readonly string? Problem() =>
        Id is not (>= int.MinValue and <= int.MaxValue) ? "id is missing or not an integer of 32 bits"
        : string.IsNullOrEmpty(Name) ? "name is missing or empty"
        : null;

    public readonly DatasetCategory ToCategory() =>
        new((int)Id!, Name!) { Definition = Definition, Synset = Synset, Frequency = Frequency, Synonyms = Synonyms ?? [] };
}

/// <summary>An entry of "annotations" as it stands in the file; null where the field is missing or of another type.</summary>
internal struct CocoAnnotationRecord
{
    public long? Id;
    public long? ImageId;
    public long? CategoryId;
    public bool IsCrowd;
    public long[][]? Spans; // GoldG: [begin, end) in the caption
    public int Sides; // numbers in bbox; −1 when one is no number
    public double X, Y, Width, Height;

    public static CocoAnnotationRecord Read(ref JsonFileReader json)
    {
        var record = default(CocoAnnotationRecord);
        while (json.NextProperty() is { } name)
        {
            if (name == "id") record.Id = json.Integer();
            else if (name == "image_id") record.ImageId = json.Integer();
            else if (name == "category_id") record.CategoryId = json.Integer();
            else if (name == "iscrowd") record.IsCrowd = json.Flag();
            else if (name == "bbox") record.ReadBox(ref json);
            else if (name == "tokens_positive") record.ReadSpans(ref json);
            else json.Skip();
        }
        return record;
    }

    public readonly string? Problem() =>
        Id is null ? "id is missing or not an integer"
        : ImageId is null ? "image_id is missing or not an integer"
        : CategoryId is null ? "category_id is missing or not an integer"
        : Sides != 4 ? "bbox is missing or not four numbers: x, y, width, height"
        : !double.IsFinite(X + Y + Width + Height) ? $"bbox {BoxText} is not finite"
        : Width <= 0 || Height <= 0 ? $"bbox {BoxText} (x, y, width, height) has no area"
        : null;

    /// <summary>Cuts the box at its image's border.</summary>
    /// <returns>What is wrong with it; null when it has an area inside the image.</returns>
    public readonly string? Fit(ReadLog log, CocoImage image, out Box box) =>
        log.Fit(X, Y, X + Width, Y + Height, image.Width, image.Height, out box) is null
            ? null : $"bbox {BoxText} (x, y, width, height) lies outside its image of {image.Width} × {image.Height} pixels";

    /// <summary>The box as the file has it.</summary>
    public readonly string BoxText => FormattableString.Invariant($"[{X}, {Y}, {Width}, {Height}]");

    private void ReadSpans(ref JsonFileReader json)
    {
        if (json.TokenType != System.Text.Json.JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }
        var spans = new List<long[]>();
        while (json.NextElement())
            if (json.Integers() is { } span) spans.Add(span);
        Spans = [.. spans];
    }

    private void ReadBox(ref JsonFileReader json)
    {
        if (json.TokenType != System.Text.Json.JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }
        Span<double> sides = stackalloc double[4];
        var (count, numbers) = (0, true);
        for (; json.NextElement(); count++)
        {
            var side = json.Number();
            numbers &= side is not null;
            if (count < sides.Length) sides[count] = side ?? 0;
        }
        Sides = numbers ? count : -1;
        (X, Y, Width, Height) = (sides[0], sides[1], sides[2], sides[3]);
    }
}

/// <summary>An entry of "annotations" in a file of captions as it stands there; null where the field is missing or of another type.</summary>
internal struct CocoCaptionRecord
{
    public long? Id;
    public long? ImageId;
    public string? Caption;

    public static CocoCaptionRecord Read(ref JsonFileReader json)
    {
        var record = default(CocoCaptionRecord);
        while (json.NextProperty() is { } name)
        {
            if (name == "id") record.Id = json.Integer();
            else if (name == "image_id") record.ImageId = json.Integer();
            else if (name == "caption") record.Caption = json.Text()?.Trim();
            else json.Skip();
        }
        return record;
    }

    public readonly string? Problem() =>
        ImageId is null ? "image_id is missing or not an integer"
        : string.IsNullOrEmpty(Caption) ? "caption is missing or empty"
        : null;
}
