using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>A run's state as what a checkpoint holds: tensors by name, and texts.</summary>
/// <remarks>
/// The weights under their own names are those to detect with: the average where there is one. All else is called "training/…":
/// live weights, AdamW's moments, a learned temperature, the state of torch's random generator.
/// </remarks>
internal sealed class TrainingStateFile(TrainingState state)
{
    /// <summary>Names of tensors that a detector has no use for begin so.</summary>
    public const string Prefix = "training/";

    private const string NumbersKey = "training";
    private const string SettingsKey = "settings";
    private const string RandomName = Prefix + "random";

    /// <summary>Whether a checkpoint holds a state.</summary>
    public static bool IsIn(SafeTensorsFile file) => file.Metadata.ContainsKey(NumbersKey);

    /// <summary>The settings of the run that wrote the checkpoint.</summary>
    /// <exception cref="JsonException">They are damaged.</exception>
    public static RunSettings SettingsIn(SafeTensorsFile file) => RunSettings.Parse(file.Metadata.GetValueOrDefault(SettingsKey, "{}"));

    /// <summary>The tensors, each read when it is written; they belong to the dispose scope.</summary>
    /// <param name="midWrite">Called before one in the middle is written.</param>
    public IReadOnlyList<SafeTensor> Tensors(Action? midWrite)
    {
        var all = StateFiles.Tensors(Named(get_rng_state())).ToArray();
        var write = all[all.Length / 2].WriteTo;
        all[all.Length / 2] = all[all.Length / 2] with { WriteTo = stream => { midWrite?.Invoke(); write(stream); } };
        return all;
    }

    /// <summary>The texts.</summary>
    public Dictionary<string, string> Entries(RunSettings settings)
    {
        var scaler = state.Optimizer.Scaler;
        var numbers = new Numbers(
            state.MeasuredStep, state.Watch.State, state.Average?.Updates ?? 0, scaler?.Scale ?? 1, scaler?.FiniteSteps ?? 0,
            state.Optimizer.Moments.ToDictionary(m => m.Name, m => m.Moments.Steps));
        return new() { [NumbersKey] = JsonSerializer.Serialize(numbers), [SettingsKey] = settings.ToString() };
    }

    /// <summary>Brings the state to what a checkpoint holds; when anything does not fit, nothing is changed.</summary>
    /// <exception cref="InvalidDataException">Names every tensor that is missing, left over or of another shape.</exception>
    /// <exception cref="JsonException">A text is damaged.</exception>
    public void Load(SafeTensorsFile file)
    {
        using var scope = NewDisposeScope();
        var numbers = JsonSerializer.Deserialize<Numbers>(file.Metadata[NumbersKey]) ?? throw new JsonException("The numbers of the training state are missing.");
        var random = get_rng_state();
        StateFiles.Load(file, Named(random));
        set_rng_state(random);
        foreach (var (name, moments) in state.Optimizer.Moments) moments.Steps = numbers.AdamSteps.GetValueOrDefault(name);
        (state.MeasuredStep, state.Watch.State) = (numbers.MeasuredStep, numbers.Watch);
        state.Optimizer.Scaler?.Restore(numbers.Scale, numbers.FiniteSteps);
        if (state.Average is { } average) average.Updates = numbers.AverageUpdates;
    }

    private Dictionary<string, Tensor> Named(Tensor random)
    {
        var named = new Dictionary<string, Tensor> { [RandomName] = random };
        foreach (var (name, live) in state.Network.state_dict()) named[state.Average is null ? name : $"{Prefix}live/{name}"] = live;
        foreach (var (name, average) in state.Average?.Named ?? []) named[name] = average;
        foreach (var (name, weight) in state.Pairs.state_dict()) named[$"{Prefix}pairs/{name}"] = weight;
        foreach (var (name, weight) in state.Offsets?.state_dict() ?? []) named[$"{Prefix}offsets/{name}"] = weight;
        foreach (var (name, moments) in state.Optimizer.Moments)
            (named[$"{Prefix}adam/first/{name}"], named[$"{Prefix}adam/second/{name}"]) = (moments.First, moments.Second);
        return named;
    }

    /// <summary>The numbers of a state.</summary>
    private sealed record Numbers(
        long MeasuredStep, PlateauWatch.Standing Watch, long AverageUpdates, double Scale, int FiniteSteps, Dictionary<string, long> AdamSteps);
}
