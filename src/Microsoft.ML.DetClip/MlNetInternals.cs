using System.IO.Compression;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.DetClip;

/// <summary>The members of ML.NET 5 that are not public and without which a component can be neither made by a catalog nor saved and loaded.</summary>
/// <remarks>All of them are here, unchanged since ML.NET 4.0.2; eng/docs/adr/0002-auto-loading.md says why each is needed. A test touches every one.</remarks>
internal static class MlNetInternals
{
    /// <summary>What a model file asks ML.NET for; ML.NET allows 24 characters.</summary>
    public const string LoaderName = "DetClipDetector";

    /// <summary>Eight characters that mark the part of a model file that is a detector.</summary>
    private const string Signature = "DETCLIP1";

    /// <summary>Never changes: what changes has a version of its own inside, which gives better messages.</summary>
    private const uint Version = 0x00010001;

    /// <summary>Simple name, so that model files can be read by other versions of the package.</summary>
    private const string LoaderAssembly = "Microsoft.ML.DetClip.Loader";

    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Assembly Core = typeof(ModelSaveContext).Assembly;
    private static readonly Type LoadContext = Core.GetType("Microsoft.ML.ModelLoadContext", throwOnError: true)!;

    /// <summary>The context that a catalog was made by.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Microsoft.ML.Data.IInternalCatalog.get_Environment")]
    public static extern IHostEnvironment EnvironmentOf(TransformsCatalog catalog);

    /// <summary>The device that the context asks for.</summary>
    public static SessionDevice DeviceOf(IHostEnvironment env)
    {
        var host = Core.GetType("Microsoft.ML.Runtime.IHostEnvironmentInternal", throwOnError: true)!;
        if (!host.IsInstanceOfType(env)) return new(null, FallbackToCpu: true);
        return new((int?)Property("GpuDeviceId"), (bool)Property("FallbackToCpu")!);

        object? Property(string name) => Found(host.GetProperty(name, Any), name).GetValue(env);
    }

    /// <summary>Marks the part of the model file that is being written as a detector.</summary>
    public static void SetVersion(ModelSaveContext context) => Call(typeof(ModelSaveContext), "SetVersionInfo", context, VersionInfo());

    /// <summary>Writes a stream of the given name into the model file.</summary>
    public static void Write(ModelSaveContext context, string name, byte[] bytes) => SaveBinaryStream(context, name, writer => writer.Write(bytes));

    /// <summary>Checks the mark that <see cref="SetVersion"/> wrote.</summary>
    public static void CheckVersion(object context) => Call(LoadContext, "CheckVersionInfo", context, VersionInfo());

    /// <summary>The stream of the given name in a model file; null when there is none.</summary>
    /// <remarks>Read from the zip itself: ML.NET's own way unpacks each stream into a file of a temporary folder first.</remarks>
    public static byte[]? Read(object context, string name)
    {
        var repository = Found(LoadContext.GetField("Repository", Any), "Repository").GetValue(context)!;
        var folder = (string?)Found(LoadContext.GetField("Directory", Any), "Directory").GetValue(context) ?? "";
        var entries = (Dictionary<string, ZipArchiveEntry>)Found(repository.GetType().GetField("_entries", Any), "_entries").GetValue(repository)!;
        var path = Path.Combine(folder, name);
        if (!entries.TryGetValue(path.Replace('\\', '/'), out var entry) && !entries.TryGetValue(path.Replace('/', '\\'), out entry)) return null;
        using var stream = entry.Open();
        return DetectorParts.Fill(stream, entry.Length, name);
    }

    /// <summary>Makes the loader known, as the loader assembly's attribute does when ML.NET can see it.</summary>
    /// <param name="catalog">Where ML.NET looks loaders up by name.</param>
    /// <param name="load">Static method (IHostEnvironment, object) that makes a transformer of a load context.</param>
    public static void RegisterLoader(ComponentCatalog catalog, MethodInfo load)
    {
        // First as ML.NET does it: otherwise it would find the name taken when it comes to the assembly itself.
        catalog.RegisterAssembly(Assembly.Load(LoaderAssembly), throwOnError: false);
        var signature = Core.GetType("Microsoft.ML.SignatureLoadModel", throwOnError: true)!;
        var find = typeof(ComponentCatalog).GetMethod("GetLoadableClassInfo", Any, [typeof(string), typeof(Type)]);
        if (Found(find, "GetLoadableClassInfo").Invoke(catalog, [LoaderName, signature]) is not null) return;

        string[] names = [LoaderName];
        var attribute = Activator.CreateInstance(Core.GetType("Microsoft.ML.LoadableClassAttribute", throwOnError: true)!,
            load.ReturnType, load.DeclaringType, null, signature, "Open-vocabulary detector", names);
        var info = Found(typeof(ComponentCatalog).GetNestedType("LoadableClassInfo", Any), "LoadableClassInfo").GetConstructors(Any).Single()
            .Invoke([attribute, null, null, load, true]);
        Call(typeof(ComponentCatalog), "AddClass", catalog, info, names, false);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SaveBinaryStream")]
    private static extern void SaveBinaryStream(ModelSaveContext context, string name, Action<BinaryWriter> write);

    private static object VersionInfo() => Activator.CreateInstance(
        Core.GetType("Microsoft.ML.VersionInfo", throwOnError: true)!, Signature, Version, Version, Version, LoaderAssembly, LoaderName, null)!;

    private static object? Call(Type type, string method, object target, params object[] arguments) =>
        Found(type.GetMethod(method, Any), method).Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    private static T Found<T>(T? member, string name)
        where T : class => member ?? throw new MissingMemberException($"This version of ML.NET has no '{name}'; Microsoft.ML.DetClip works with ML.NET 5.");
}
