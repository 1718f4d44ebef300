using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>A part of the network: holds parameters under their checkpoint names, and says with <see cref="Ops{T}"/> what it computes.</summary>
/// <remarks>Parts are registered as they are made, so none can be left out of training and checkpoints by forgetting a call.</remarks>
internal abstract class Layer(string name) : nn.Module(name)
{
    /// <summary>Registers a part under the name that checkpoints use.</summary>
    protected TModule Part<TModule>(string key, TModule module) where TModule : nn.Module
    {
        register_module(key, module);
        return module;
    }

    /// <summary>Registers parts as key.0, key.1, …</summary>
    protected TModule[] Parts<TModule>(string key, IEnumerable<TModule> modules) where TModule : nn.Module
    {
        var all = modules.ToArray();
        register_module(key, new ModuleList<TModule>(all));
        return all;
    }

    /// <summary>Registers a parameter under the name that checkpoints use.</summary>
    protected LayerWeight Weight(string key, Tensor initial)
    {
        register_parameter(key, new Parameter(initial));
        return new(this, key);
    }

    /// <summary>Does nothing: TorchSharp calls this to register every field by its C# name, a second time.</summary>
    protected sealed override void RegisterComponents()
    {
    }
}

/// <summary>A parameter of a layer, wherever the layer is now.</summary>
/// <remarks>
/// TorchSharp moves a layer to another device or number format by making new parameters and disposing the old ones. It puts a new one into the field whose
/// C# name is that of the parameter, so fields that hold parameters themselves and are named otherwise would be left with dead ones.
/// </remarks>
internal sealed class LayerWeight(nn.Module layer, string key)
{
    /// <summary>The parameter of now. Do not keep it longer than the layer stays where it is.</summary>
    public Parameter Value => layer.get_parameter(key)!;
}
