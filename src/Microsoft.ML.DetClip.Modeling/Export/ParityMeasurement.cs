using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Compares an exported detector, run by ONNX Runtime, with the network it came from, run by torch.</summary>
internal sealed class ParityMeasurement
{
    /// <summary>Floors of relative differences.</summary>
    private const double BoxFloor = 1, ScoreFloor = 1e-3;

    /// <summary>Deviation that logits are given, so that scores lie everywhere between 0 and 1 even in an untrained network.</summary>
    private const double LogitSpread = 3;

    private readonly DetClipNetwork _network;
    private readonly ParityOptions _options;
    private readonly Generator _random;

    private ParityMeasurement(DetClipNetwork network, ParityOptions options)
    {
        (_network, _options) = (network, options);
        _random = new Generator((ulong)options.Seed, CPU);
    }

    /// <summary>Runs both on the same random inputs. The network is used in evaluation mode, and afterwards as it was before.</summary>
    /// <param name="network">The network, with the weights it was exported with.</param>
    /// <param name="folder">The exported detector.</param>
    /// <param name="options">Which inputs.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static ParityReport Measure(DetClipNetwork network, string folder, ParityOptions options)
    {
        var wasTraining = network.training;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        network.eval();
        try
        {
            return new ParityMeasurement(network, options.Checked()).Report(folder);
        }
        finally
        {
            network.train(wasTraining);
        }
    }

    private ParityReport Report(string folder)
    {
        using var text = new OnnxRunner(Path.Combine(folder, DetectorContract.TextGraphFile), _options.Threads, _options.Gpu);
        using var image = new OnnxRunner(Path.Combine(folder, DetectorContract.ImageGraphFile), _options.Threads, _options.Gpu);
        var texts = Texts(text);
        var inputs = from size in _options.Sizes from batch in _options.BatchSizes select (size.Height, size.Width, batch);
        return new(_network.Config.Variant, _options.Bound, texts, [.. inputs.SelectMany(i => Cases(image, i.Height, i.Width, i.batch))]);
    }

    private ParityDifference Texts(OnnxRunner runner)
    {
        using var scope = NewDisposeScope();
        var tokens = RandomTexts(_options.ConceptCounts.Min() + 7);
        var expected = _network.EncodeText(TorchOps.Inference, tokens);
        return Difference(expected, runner.Run((DetectorContract.Tokens, tokens))[DetectorContract.Concepts], RootMeanSquare(expected));
    }

    /// <summary>The same images with each number of concepts.</summary>
    private List<ParityCase> Cases(OnnxRunner runner, int height, int width, int batch)
    {
        using var scope = NewDisposeScope();
        var pixels = randn([batch, 3, height, width], generator: _random);
        var all = _network.Locations(TorchOps.Inference, pixels);
        return [.. _options.ConceptCounts.Select(count => Case(runner, pixels, all, RandomConcepts(all.Embeddings, count)))];
    }

    private ParityCase Case(OnnxRunner runner, Tensor pixels, HeadOutput<Tensor> locations, Tensor concepts)
    {
        using var scope = NewDisposeScope();
        var all = _network.Best(TorchOps.Inference, locations, concepts, int.MaxValue);  // every location, best first
        var kept = runner.Run(
            (DetectorContract.Pixels, pixels), (DetectorContract.Concepts, concepts), (DetectorContract.MaxRegions, tensor(new long[] { _options.MaxRegions })));
        var rank = all.Locations.argsort(1).gather(1, kept[DetectorContract.Locations]); // [B, R]: torch's place of each kept region
        var embeddings = At(all.Embeddings, rank);
        return new((int)pixels.shape[2], (int)pixels.shape[3], (int)pixels.shape[0], (int)concepts.shape[0], (int)rank.shape[1],
            Difference(At(all.Boxes, rank), kept[DetectorContract.Boxes], BoxFloor),
            Difference(At(all.Scores, rank), kept[DetectorContract.Scores], ScoreFloor),
            Difference(embeddings, kept[DetectorContract.Embeddings], RootMeanSquare(embeddings)),
            Difference(all.Qualities.gather(1, rank), kept[DetectorContract.Qualities], ScoreFloor),
            Ranking(all.Scores.amax([-1]), rank));
    }

    /// <summary>By how much a region is better than one that was preferred to it.</summary>
    /// <param name="best">Best score of every location, best first, [B, L].</param>
    /// <param name="rank">Torch's place of each kept region, [B, R].</param>
    private double Ranking(Tensor best, Tensor rank)
    {
        var regions = Math.Min(_options.MaxRegions, best.shape[1]);
        var distinct = rank.sort(1).Values.diff(dim: 1).gt(Number(0)).all().item<bool>();
        if (rank.shape[1] != regions || !distinct) return double.PositiveInfinity;
        var keys = best.gather(1, rank);                                                 // [B, R]
        var others = best.scatter(1, rank, zeros_like(keys)).amax([1], keepdim: true);   // [B, 1]: the best of those left out
        var next = cat([keys, others], 1).flip(1).cummax(1).values.flip(1).narrow(1, 1, regions); // [B, R]: the best of all placed after
        return ((next - keys) / next.clamp(min: Number(ScoreFloor))).clamp(min: Number(0)).max().item<float>();
    }

    /// <summary>Concepts in random directions, long enough for logits to spread: [K, D].</summary>
    private Tensor RandomConcepts(Tensor embeddings, int count)
    {
        var concepts = randn([count, embeddings.shape[2]], generator: _random);
        var sample = randn([64, embeddings.shape[2]], generator: _random);
        return concepts * Number(LogitSpread / embeddings.matmul(sample.t()).std().item<float>());
    }

    /// <summary>Texts of every length that fits, ids in between drawn at random: int64 [K, T].</summary>
    private Tensor RandomTexts(int count)
    {
        var (length, vocabulary) = (_network.Config.Text.Length, _network.Config.Text.Vocabulary);
        var tokens = randint(1, vocabulary - 2 > 1 ? vocabulary - 2 : 2, [count, length], dtype: ScalarType.Int64, generator: _random);
        for (var row = 0; row < count; row++)
        {
            var end = 1 + row % (length - 1);
            tokens[row, 0] = vocabulary - 2;
            tokens[row, end] = vocabulary - 1;
            if (end + 1 < length) tokens[row].narrow(0, end + 1, length - end - 1).zero_();
        }
        return tokens;
    }

    private static Tensor At(Tensor x, Tensor rank) => TorchOps.Inference.GatherRegions(x, rank);

    private static double RootMeanSquare(Tensor x) => x.Squared().mean().sqrt().item<float>();

    private static ParityDifference Difference(Tensor a, Tensor b, double floor)
    {
        var distance = (a - b).abs();
        return new(distance.max().item<float>(), (distance / maximum(a.abs(), b.abs()).clamp(min: Number(floor))).max().item<float>());
    }
}
