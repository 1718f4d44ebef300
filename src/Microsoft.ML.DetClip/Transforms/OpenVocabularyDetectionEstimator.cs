using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.DetClip;

/// <summary>Finds objects of classes that are named in words; see <see cref="OpenVocabularyDetectionCatalog"/> for how to make one.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Does this estimator need to look at the data to train?</term><description>No; the labels are encoded in Fit.</description></item>
/// <item><term>Input column</term><description><see cref="MLImage"/>, path (text), or encoded file (vector of <see cref="byte"/>).</description></item>
/// <item><term>Added columns</term><description>Labels (vector of text), scores (vector of float), boxes (vector of float, x0 y0 x1 y1), and all in one (<see cref="DetectionList"/>); if asked for, regions (<see cref="RegionList"/>).</description></item>
/// <item><term>Required NuGet besides Microsoft.ML.DetClip</term><description>Microsoft.ML.OnnxRuntime, or Microsoft.ML.OnnxRuntime.Gpu.</description></item>
/// <item><term>Exportable to ONNX</term><description>It runs ONNX graphs already.</description></item>
/// </list>
/// Boxes are in pixels of the original image as a person sees it: files are turned by their EXIF orientation. An <see cref="MLImage"/>
/// has lost that mark, so photographs are best given as paths or bytes. Fit loads the network anew each time; the transformers that
/// <see cref="OpenVocabularyDetectionTransformer.WithVocabulary"/> gives share it.
/// </remarks>
public sealed partial class OpenVocabularyDetectionEstimator : IEstimator<OpenVocabularyDetectionTransformer>
{
    private readonly IHostEnvironment _env;
    private readonly DetectorModel _model;
    private readonly Options _options;

    internal OpenVocabularyDetectionEstimator(IHostEnvironment env, DetectorModel model, Options options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        (_env, _model, _options) = (env, model, options.Checked());
    }

    /// <summary>Loads the network and encodes the labels; no row is read.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A graph cannot be run or is of another contract.</exception>
    /// <exception cref="InvalidOperationException">Regions are wanted of a detector that was exported before graphs gave regions.</exception>
    public OpenVocabularyDetectionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _options.CheckInput(input.Schema);
        return OpenVocabularyDetectionTransformer.Create(_env, _model, _options);
    }

    /// <summary>The input's columns and the added ones.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _options.CheckInput(SchemaShapes.ToSchema(inputSchema, _options.InputColumnNames));
        return DetectionColumns.AddTo(inputSchema, _options);
    }
}
