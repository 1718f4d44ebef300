namespace Microsoft.ML.DetClip.Training;

/// <summary>The samples of <see cref="TrainingData"/>, by their roles.</summary>
internal sealed record TrainingSamples(
    IReadOnlyList<TrainingSample> Input, IReadOnlyList<TrainingSample> Validation, IReadOnlyList<TrainingSample> Replay, IReadOnlyList<TrainingSample> Held)
{
    /// <summary>Reads all rows.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type, or a role that needs rows has none.</exception>
    /// <exception cref="InvalidDataException">A row makes no sense.</exception>
    public static TrainingSamples Read(TrainingData data, DetClipTrainer.Options options)
    {
        var reader = new SampleReader(options);
        var (input, validation) = (reader.Read(data.Input), data.Validation is null ? [] : reader.Read(data.Validation));
        if (input.Count == 0) throw new ArgumentException("The input has no rows; there is nothing to learn from.", nameof(data));
        if (validation.Count == 0 && (options.EarlyStoppingPatience > 0 || options.PlateauPatience > 0))
            throw new ArgumentException("EarlyStoppingPatience and PlateauPatience follow the validation; there are no rows to validate on.", nameof(data));
        if (data.Replay is not null && options.Mode == FineTuningMode.OffsetsOnly)
            throw new ArgumentException("There is data to replay, but with Mode = OffsetsOnly nothing can be forgotten; leave it out.", nameof(data));
        if (options.Mode == FineTuningMode.ClosedSet && input.FirstOrDefault(sample => sample.Kind != SampleKind.Detection) is { } captioned)
            throw new ArgumentException($"With Mode = ClosedSet there is a vector for each label and none for what captions say, but '{captioned.Image.Name}' has a caption; give images with labelled boxes alone.", nameof(data));
        return new(
            input, WithBoxes(validation, "validation"), data.Replay is null ? [] : reader.Read(data.Replay),
            data.Held is null ? [] : WithBoxes(reader.Read(data.Held), "held"));
    }

    private static IReadOnlyList<TrainingSample> WithBoxes(IReadOnlyList<TrainingSample> samples, string name)
    {
        IReadOnlyList<TrainingSample> measured = [.. samples.Where(s => s.Kind == SampleKind.Detection)];
        return samples.Count == 0 || measured.Count > 0 ? measured
            : throw new ArgumentException($"The {name} data are captioned images alone; what is measured needs images with boxes and without captions.", name);
    }
}
