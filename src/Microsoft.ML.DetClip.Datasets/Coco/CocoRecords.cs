namespace Microsoft.ML.DetClip.Datasets;

/// <summary>An entry of "images" as it stands in the file; null where the field is missing or of another type.</summary>
internal struct CocoImageRecord
{
    public long? Id;
    public string? FileName;
    public long? Width;
    public long? Height;

    public static CocoImageRecord Read(ref JsonFileReader json)
    {
        var record = default(CocoImageRecord);
        while (json.NextProperty() is { } name)
        {
            if (name == "id") record.Id = json.Integer();
            else if (name == "file_name") record.FileName = json.Text();
            else if (name == "width") record.Width = json.Integer();
            else if (name == "height") record.Height = json.Integer();
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

    public static CocoCategoryRecord Read(ref JsonFileReader json)
    {
        var record = default(CocoCategoryRecord);
        while (json.NextProperty() is { } name)
        {
            if (name == "id") record.Id = json.Integer();
            else if (name == "name") record.Name = json.Text()?.Trim();
            else json.Skip();
        }
        return record;
    }

    public readonly string? Problem() =>
        Id is not (>= int.MinValue and <= int.MaxValue) ? "id is missing or not an integer of 32 bits"
        : string.IsNullOrEmpty(Name) ? "name is missing or empty"
        : null;
}

/// <summary>An entry of "annotations" as it stands in the file; null where the field is missing or of another type.</summary>
internal struct CocoAnnotationRecord
{
    public long? Id;
    public long? ImageId;
    public long? CategoryId;
    public bool IsCrowd;
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

    /// <summary>The box as the file has it.</summary>
    public readonly string BoxText => FormattableString.Invariant($"[{X}, {Y}, {Width}, {Height}]");

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
