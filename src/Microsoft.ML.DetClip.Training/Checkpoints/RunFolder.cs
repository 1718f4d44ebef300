using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>The files of a run: "last.safetensors", from which it goes on, and "best.safetensors", what did best on the validation set.</summary>
/// <param name="path">Made when it is missing.</param>
/// <param name="tokenizer">Goes into each file.</param>
internal sealed class RunFolder(string path, ClipTokenizer tokenizer)
{
    private const string BestAp = "validation_ap";

    private long _saved = -1; // step of the last file that was written or read

    /// <summary>Called in the middle of each writing of <see cref="Last"/>: lets tests stop there.</summary>
    internal Action? MidWrite { get; init; }

    /// <summary>The newest checkpoint.</summary>
    public string Last { get; } = LastIn(path);

    /// <summary>The weights with the highest AP on the validation set, and nothing to go on from.</summary>
    public string Best { get; } = Path.Combine(path, "best.safetensors");

    /// <summary>Where a folder's newest checkpoint is, or would be.</summary>
    public static string LastIn(string path) => Path.Combine(path, "last.safetensors");

    /// <summary>Begins a run: brings the state to where the folder's last run stopped, or clears the folder for a new one.</summary>
    /// <param name="state">As it is at the start of a run.</param>
    /// <param name="settings">Must be those of the last run, when that goes on.</param>
    /// <param name="resume">Whether a run that is there goes on.</param>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or of another run; says how it differs.</exception>
    public void Begin(TrainingState state, RunSettings settings, bool resume)
    {
        Directory.CreateDirectory(path);
        foreach (var half in Directory.EnumerateFiles(path, "*.safetensors.*.partial")) File.Delete(half); // left by a run that was killed
        if (resume && File.Exists(Last)) Restore(state, settings);
        else
        {
            File.Delete(Last);
            File.Delete(Best);
        }
    }

    /// <summary>Writes the state, unless the file has it already.</summary>
    public void SaveLast(TrainingState state, RunSettings settings)
    {
        if (_saved == state.Step) return;
        using var scope = NewDisposeScope();
        var content = new TrainingStateFile(state);
        Checkpoint.Save(Last, state.Network.Config, tokenizer, state.Step, content.Tensors(MidWrite), content.Entries(settings));
        _saved = state.Step;
    }

    /// <summary>Writes the weights that the network has now, as the best ones.</summary>
    public void SaveBest(TrainingState state, RunSettings settings)
    {
        var ap = state.Watch.State.Best!.Value.ToString("R", CultureInfo.InvariantCulture);
        Checkpoint.Save(Best, state.Network.Config, tokenizer, state.Step, StateFiles.Tensors(state.Network.state_dict()), new() { [BestAp] = ap, [TrainingStateFile.SettingsKey] = settings.ToString() });
    }

    private void Restore(TrainingState state, RunSettings settings)
    {
        using var checkpoint = Checkpoint.Open(Last);
        checkpoint.Resume(state, settings);
        _saved = state.Step;
        if (state.Best is null || state.Watch.State.Best is null) return;
        using var best = Checkpoint.Open(Best);
        best.LoadInto(state.Network);
        state.Best.Keep();
        checkpoint.Resume(state, settings);
    }
}
