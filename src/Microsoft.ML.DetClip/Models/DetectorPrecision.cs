namespace Microsoft.ML.DetClip;

/// <summary>In which numbers an image graph is stored and computed.</summary>
public enum DetectorPrecision
{
    /// <summary>32-bit floats: what the network was trained in. Every detector has this graph.</summary>
    Float32,

    /// <summary>Weights of 16 bits, computed in 32: half the size.</summary>
    Float16,

    /// <summary>Products of 8-bit integers where they do least harm: for CPUs.</summary>
    Int8,
}
