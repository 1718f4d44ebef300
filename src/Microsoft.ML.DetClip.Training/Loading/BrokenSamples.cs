using System.Globalization;

namespace Microsoft.ML.DetClip.Training;

/// <summary>The samples of one kind whose image cannot be read. Each is told of once and used no more; too many end the run. Thread-safe.</summary>
/// <param name="kind">The kind, for messages.</param>
/// <param name="count">Samples of the kind.</param>
/// <param name="maxShare">See <see cref="DetClipTrainer.Options.MaxBrokenShare"/>.</param>
/// <param name="warn">Told of each.</param>
internal sealed class BrokenSamples(SampleKind kind, int count, double maxShare, Action<string>? warn)
{
    /// <summary>So few may be broken whatever their share is, unless it must be 0: the data of a first try are few.</summary>
    public const int AlwaysAllowed = 10;

    private readonly Lock _lock = new();
    private readonly HashSet<int> _samples = [];
    private readonly double _allowed = maxShare > 0 ? Math.Max(AlwaysAllowed, maxShare * count) : 0;
    private InvalidDataException? _tooMany;

    private string Share => maxShare.ToString(CultureInfo.InvariantCulture);

    /// <summary>How many were found by now.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _samples.Count;
        }
    }

    /// <summary>Whether the sample was found to be broken.</summary>
    /// <exception cref="InvalidDataException">There are too many.</exception>
    public bool Contains(int sample)
    {
        lock (_lock) return _tooMany is null ? _samples.Contains(sample) : throw _tooMany;
    }

    /// <summary>Tells of a sample, unless it is known.</summary>
    /// <exception cref="InvalidDataException">There are too many, or no others are left.</exception>
    public void Add(int sample, Exception reason)
    {
        lock (_lock)
        {
            if (!_samples.Add(sample)) return;
            var found = $"{_samples.Count} of {count} images of kind {kind} cannot be read";
            if (_samples.Count > _allowed || _samples.Count == count)
                throw _tooMany ??= new InvalidDataException($"{found}, more than MaxBrokenShare ({Share}) allows. The last: {reason.Message}", reason);
            warn?.Invoke($"{found}; others take their place. The last: {reason.Message}");
        }
    }

    /// <summary>Whether an exception says that one image is broken, rather than the program.</summary>
    public static bool IsReason(Exception e) => e is ImageDecodingException or IOException or UnauthorizedAccessException;
}
