using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.DetClip;
using Microsoft.ML.Runtime;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(typeof(ITransformer), typeof(DetectorLoader), null, typeof(SignatureLoadModel), "Open-vocabulary detector", DetectorLoader.Name)]

namespace Microsoft.ML.DetClip
{
    /// <summary>What ML.NET calls when it meets a detector in a model file. A model file names this assembly, so that ML.NET loads it by itself.</summary>
    internal static class DetectorLoader
    {
        /// <summary>The name under which a model file asks for this loader.</summary>
        public const string Name = "DetClipDetector";

        private const string Transformer = "Microsoft.ML.DetClip.OpenVocabularyDetectionTransformer, Microsoft.ML.DetClip";

        // ML.NET looks for Create(IHostEnvironment, ModelLoadContext); the second type is internal to it, and "object" takes it.
        private static ITransformer Create(IHostEnvironment env, object context) =>
            Type.GetType(Transformer, throwOnError: true)!
                .GetMethod("Load", BindingFlags.Static | BindingFlags.NonPublic, [typeof(IHostEnvironment), typeof(object)])!
                .CreateDelegate<Func<IHostEnvironment, object, ITransformer>>()(env, context);
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>The runtime looks for this attribute by name and lets the assembly use internal types of the one it names.</summary>
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
    {
        /// <summary>Simple name of the assembly.</summary>
        public string AssemblyName { get; } = assemblyName;
    }
}
