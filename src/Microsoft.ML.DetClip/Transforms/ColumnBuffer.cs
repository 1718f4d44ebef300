using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>Values of one column for the rows of a batch. An exception while reading a value waits for whoever asks for that value.</summary>
internal abstract class ColumnBuffer : IDisposable
{
    /// <summary>Reads the value of the row that the input is at into a slot.</summary>
    public abstract void Fetch(int slot);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the column's raw type, for the slot that is current when it is called.</summary>
    public abstract Delegate MakeGetter(Func<int> current);

    /// <summary>Disposes the values that are disposable and nobody else's.</summary>
    public virtual void Dispose() { }

    /// <summary>A buffer for a column of any type.</summary>
    public static ColumnBuffer Create(DataViewRow input, DataViewSchema.Column column, int rows)
    {
        var type = column.Type.RawType;
        var buffer = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>) ? typeof(VectorBuffer<>).MakeGenericType(type.GetGenericArguments())
            : type.IsClass && typeof(IDisposable).IsAssignableFrom(type) ? typeof(DisposableBuffer<>).MakeGenericType(type)
            : typeof(PlainBuffer<>).MakeGenericType(type);
        return (ColumnBuffer)Activator.CreateInstance(buffer, input, column, rows)!;
    }

    private sealed class PlainBuffer<T>(DataViewRow input, DataViewSchema.Column column, int rows) : ColumnBuffer<T>(input, column, rows)
    {
        protected override void Serve(int slot, ref T value) => value = Values[slot];
    }

    private sealed class VectorBuffer<T>(DataViewRow input, DataViewSchema.Column column, int rows) : ColumnBuffer<VBuffer<T>>(input, column, rows)
    {
        protected override void Serve(int slot, ref VBuffer<T> value) => Values[slot].CopyTo(ref value);
    }

    /// <remarks>
    /// An input such as LoadImages makes objects, which whoever reads them disposes; one such as LoadFromEnumerable lends its own, which nobody
    /// may dispose. They are told apart by reading the first value twice: only an input that lends gives the same object again.
    /// </remarks>
    private sealed class DisposableBuffer<T>(DataViewRow input, DataViewSchema.Column column, int rows) : ColumnBuffer<T>(input, column, rows)
        where T : class, IDisposable
    {
        private readonly bool[] _served = new bool[rows];
        private bool? _made;
        private T? _lastServed;

        protected override void Read(int slot, ref T value)
        {
            if (_served[slot]) value = null!;
            _served[slot] = false;
            base.Read(slot, ref value);
            _made ??= IsMade(slot, value);
        }

        // As ML.NET's own getters: what the consumer hands back is disposed, what it gets is its own, but for the last, which goes with the cursor.
        protected override void Serve(int slot, ref T value)
        {
            if (ReferenceEquals(value, Values[slot])) return;
            if (_made == true) value?.Dispose();
            value = _lastServed = Values[slot];
            _served[slot] = true;
        }

        public override void Dispose()
        {
            if (_made != true) return;
            for (var slot = 0; slot < Values.Length; slot++)
                if (!_served[slot]) Values[slot]?.Dispose();
            _lastServed?.Dispose();
        }

        private bool IsMade(int slot, T value)
        {
            T again = null!;
            base.Read(slot, ref again);
            if (ReferenceEquals(value, again)) return false;
            again?.Dispose();
            return true;
        }
    }
}

/// <summary>See <see cref="ColumnBuffer"/>.</summary>
internal abstract class ColumnBuffer<T>(DataViewRow input, DataViewSchema.Column column, int rows) : ColumnBuffer
{
    private readonly ValueGetter<T> _getter = input.GetGetter<T>(column);
    private readonly ExceptionDispatchInfo?[] _failures = new ExceptionDispatchInfo?[rows];

    protected T[] Values { get; } = new T[rows];

    /// <summary>The value in a slot, which stays the buffer's.</summary>
    public ref readonly T this[int slot]
    {
        get
        {
            _failures[slot]?.Throw();
            return ref Values[slot];
        }
    }

    public override void Fetch(int slot)
    {
        try
        {
            _failures[slot] = null;
            Read(slot, ref Values[slot]);
        }
        catch (Exception e)
        {
            _failures[slot] = ExceptionDispatchInfo.Capture(e);
        }
    }

    public override Delegate MakeGetter(Func<int> current) => (ValueGetter<T>)((ref T value) =>
    {
        var slot = current();
        _failures[slot]?.Throw();
        Serve(slot, ref value);
    });

    protected virtual void Read(int slot, ref T value) => _getter(ref value);

    protected abstract void Serve(int slot, ref T value);
}
