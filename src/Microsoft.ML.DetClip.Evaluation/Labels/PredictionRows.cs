using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Reads rows of predictions, each an image with what is on it and what was found.</summary>
internal static class PredictionRows
{
    /// <summary>An evaluator that has seen every row.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type, or the columns of a row do not fit each other.</exception>
    public static LabelEvaluator ReadAll(IDataView data, EvaluationColumns columns)
    {
        var evaluator = new LabelEvaluator();
        foreach (var (row, (truth, found)) in Read(data, columns).Index()) AtRow(row, () => evaluator.Add(truth, found));
        return evaluator;
    }

    /// <summary>What is on the image of each row and what was found on it.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type, or a box has not four numbers.</exception>
    public static IEnumerable<(LabeledBoxes Truth, ScoredBoxes Found)> Read(IDataView data, EvaluationColumns columns)
    {
        var faults = new List<string>();
        var source = new Columns(data.Schema, columns.Checked(), faults);
        if (faults.Count > 0) throw new ArgumentException($"{string.Join(' ', faults)}", nameof(data));
        using var cursor = data.GetRowCursor(source.All);
        var read = source.Open(cursor);
        while (cursor.MoveNext())
        {
            (LabeledBoxes, ScoredBoxes) row = default;
            AtRow(cursor.Position, () => row = read());
            yield return row;
        }
    }

    private static void AtRow(long row, Action act)
    {
        try
        {
            act();
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"Row {row}: {e.Message}", "data", e);
        }
    }

    private static Box[] ToBoxes(float[] corners, string column) => corners.Length % 4 == 0
        ? [.. corners.Chunk(4).Select(c => new Box(c[0], c[1], c[2], c[3]))]
        : throw new ArgumentException($"Column '{column}' has {corners.Length} numbers; a box has four.");

    /// <summary>The columns found in a schema; null where an optional one is absent.</summary>
    private sealed class Columns
    {
        private readonly EvaluationColumns _names;
        private readonly DataViewSchema.Column? _labels, _boxes, _crowds, _areas, _absent, _partly, _foundLabels, _foundBoxes, _scores;

        public Columns(DataViewSchema schema, EvaluationColumns names, List<string> faults)
        {
            DataViewSchema.Column? Find(string name, DataViewType item, bool isNeeded)
            {
                var column = schema.GetColumnOrNull(name);
                if (column is null && isNeeded) faults.Add($"There is no column '{name}'.");
                if (column is { Type: var type } && !(type is VectorDataViewType vector && vector.ItemType.Equals(item)))
                    faults.Add($"Column '{name}' is of type {type}; it must be a vector of {item}.");
                return column;
            }

            _names = names;
            _labels = Find(names.Labels, TextDataViewType.Instance, isNeeded: true);
            _boxes = Find(names.BoundingBoxes, NumberDataViewType.Single, isNeeded: true);
            _foundLabels = Find(names.PredictedLabels, TextDataViewType.Instance, isNeeded: true);
            _foundBoxes = Find(names.PredictedBoundingBoxes, NumberDataViewType.Single, isNeeded: true);
            _scores = Find(names.Scores, NumberDataViewType.Single, isNeeded: true);
            _crowds = Find(names.IsCrowd, BooleanDataViewType.Instance, isNeeded: false);
            _areas = Find(names.Areas, NumberDataViewType.Single, isNeeded: false);
            _absent = Find(names.AbsentLabels, TextDataViewType.Instance, isNeeded: false);
            _partly = Find(names.PartlyAnnotatedLabels, TextDataViewType.Instance, isNeeded: false);
        }

        public IEnumerable<DataViewSchema.Column> All =>
            new[] { _labels, _boxes, _crowds, _areas, _absent, _partly, _foundLabels, _foundBoxes, _scores }.OfType<DataViewSchema.Column>();

        public Func<(LabeledBoxes, ScoredBoxes)> Open(DataViewRowCursor cursor)
        {
            var (labels, boxes) = (Vector<ReadOnlyMemory<char>>(cursor, _labels)!, Vector<float>(cursor, _boxes)!);
            var (foundLabels, foundBoxes, scores) = (Vector<ReadOnlyMemory<char>>(cursor, _foundLabels)!, Vector<float>(cursor, _foundBoxes)!, Vector<float>(cursor, _scores)!);
            var (crowds, areas) = (Vector<bool>(cursor, _crowds), Vector<float>(cursor, _areas));
            var (absent, partly) = (Vector<ReadOnlyMemory<char>>(cursor, _absent), Vector<ReadOnlyMemory<char>>(cursor, _partly));
            return () =>
            {
                var truth = new LabeledBoxes(Texts(labels()), ToBoxes(boxes(), _names.BoundingBoxes), crowds?.Invoke())
                {
                    Areas = areas is null ? null : Array.ConvertAll(areas(), area => (double)area),
                    AbsentLabels = Texts(absent?.Invoke() ?? []),
                    PartlyAnnotatedLabels = Texts(partly?.Invoke() ?? []),
                };
                return (truth, new(Texts(foundLabels()), ToBoxes(foundBoxes(), _names.PredictedBoundingBoxes), scores()));
            };
        }

        private static string[] Texts(ReadOnlyMemory<char>[] texts) => Array.ConvertAll(texts, text => text.ToString());

        private static Func<T[]>? Vector<T>(DataViewRowCursor cursor, DataViewSchema.Column? column)
        {
            if (column is not { } found) return null;
            var getter = cursor.GetGetter<VBuffer<T>>(found);
            var buffer = default(VBuffer<T>);
            return () =>
            {
                getter(ref buffer);
                return [.. buffer.DenseValues()];
            };
        }
    }
}
