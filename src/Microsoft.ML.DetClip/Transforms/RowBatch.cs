using System.Runtime.ExceptionServices;

namespace Microsoft.ML.DetClip;

/// <summary>One of the batches that lie in a buffer of rows, read when it is needed or in the background before.</summary>
/// <param name="source">Where rows come from. Only one batch may be reading.</param>
/// <param name="rows">Where they go, from slot <paramref name="first"/> on.</param>
/// <param name="first">The first slot.</param>
/// <param name="size">The most rows of the batch.</param>
/// <param name="found">What is in their images.</param>
internal sealed class RowBatch(DataViewRowCursor source, RowBuffer rows, int first, int size, DetectionBatch found) : IDisposable
{
    private Task? _reading;
    private volatile bool _stopped;

    public int First => first;

    /// <summary>Rows that were read.</summary>
    public int Count { get; private set; }

    /// <summary>What the input failed with behind the last row; the rows before it are good.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>The rows' detections.</summary>
    public DetectionBatch Found => found;

    /// <summary>Begins to read the rows and to decode their images in the background.</summary>
    public void StartReading() => _reading ??= Task.Run(() =>
    {
        Fetch();
        if (_stopped) return;
        try
        {
            found.Open();
        }
        catch (Exception)
        {
            // Not one row's fault, as when the detector is disposed. It is tried again, and fails, where a result is asked for.
        }
    });

    /// <summary>Reads the rows, or waits until they are read.</summary>
    public void Read()
    {
        if (_reading is null) Fetch();
        else _reading.GetAwaiter().GetResult();
        _reading = null;
    }

    /// <summary>Ends the reading in the background. The buffer is not the batch's.</summary>
    public void Dispose()
    {
        _stopped = true;
        _reading?.GetAwaiter().GetResult();
        found.Dispose();
    }

    private void Fetch()
    {
        Count = 0;
        try
        {
            for (; Count < size && !_stopped && source.MoveNext(); Count++) rows.Fetch(first + Count);
        }
        catch (Exception e)
        {
            Failure = ExceptionDispatchInfo.Capture(e);
        }
        found.Start(Count);
    }
}
