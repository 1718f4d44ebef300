using Microsoft.ML.Runtime;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Calibration as an estimator: fitted to a validation set, it gives the model with a temperature and thresholds; see <see cref="DetClipCalibrationCatalog.Calibrate"/>.</summary>
/// <remarks>The report goes to <c>MLContext.Log</c>; who wants it as an object calls <see cref="DetClipCalibrationCatalog.Calibrate"/>.</remarks>
public sealed class DetectionCalibrator : IEstimator<ITransformer>
{
    private readonly IHost _host;
    private readonly ITransformer _model;
    private readonly CalibrationOptions _options;

    internal DetectionCalibrator(IHostEnvironment env, ITransformer model, CalibrationOptions options) =>
        (_host, _model, _options) = (env.Register(nameof(DetectionCalibrator)), model, options.Checked());

    /// <summary>Fits the temperature and the thresholds, and tells the report.</summary>
    /// <param name="input">The validation set: images as the model takes them, with every object of its labels boxed.</param>
    /// <returns>A model of its own, which shares the network of the one it was made of.</returns>
    /// <exception cref="ArgumentException">As for <see cref="DetClipCalibrationCatalog.Calibrate"/>.</exception>
    public ITransformer Fit(IDataView input)
    {
        var calibrated = _model.Calibrate(input, _options);
        using var channel = _host.Start("Calibration");
        channel.Info(MessageSensitivity.UserData, "{0}", calibrated.Report);
        return calibrated.Model;
    }

    /// <summary>The columns that the model gives; calibration adds none.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var output = _model.GetOutputSchema(SchemaShapes.ToSchema(inputSchema, inputSchema.Select(column => column.Name)));
        return SchemaShapes.Of(output.Select(column => (column.Name, column.Type)));
    }
}
