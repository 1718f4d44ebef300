namespace Microsoft.ML.DetClip.Training;

/// <summary>Scales the loss so that small gradients do not vanish in float16, whose smallest number is 6e-8. Micikevicius et al. 2018, section 3.2.</summary>
/// <remarks>The scale grows while gradients stay finite, and shrinks when one does not; the step of such a gradient is left out.</remarks>
internal sealed class GradientScaler
{
    /// <summary>What the scale is multiplied by after <see cref="GrowthInterval"/> finite steps.</summary>
    public double Growth { get; init; } = 2;

    /// <summary>What the scale is multiplied by after a gradient that is not finite.</summary>
    public double Backoff { get; init; } = 0.5;

    /// <summary>Finite steps in a row before the scale grows.</summary>
    public int GrowthInterval { get; init; } = 2000;

    /// <summary>What the loss is multiplied by now.</summary>
    public double Scale { get; private set; } = 65536;

    /// <summary>Finite steps since the scale last changed.</summary>
    public int FiniteSteps { get; private set; }

    /// <summary>Goes on from where another scaler stood.</summary>
    public void Restore(double scale, int finiteSteps) => (Scale, FiniteSteps) = (scale, finiteSteps);

    /// <summary>Takes in whether the gradients of a step were finite.</summary>
    public void Update(bool finite)
    {
        if (!finite) (Scale, FiniteSteps) = (Scale * Backoff, 0);
        else if (++FiniteSteps == GrowthInterval) (Scale, FiniteSteps) = (Scale * Growth, 0);
    }
}
