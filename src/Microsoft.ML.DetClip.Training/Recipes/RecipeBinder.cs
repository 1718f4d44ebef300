using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Puts the values of a recipe into copies of settings, which are records, and collects all that does not fit.</summary>
internal sealed class RecipeBinder
{
    private readonly List<string> _faults = [];
    private IReadOnlyList<string> _known = [];

    /// <summary>What does not fit: where, what it is, what is expected.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Copies of the records with the values of the tree. Of two that have a setting of one name, the first gets it.</summary>
    public object[] Bind(JsonObject json, IReadOnlyList<object> records)
    {
        _known = [.. records.SelectMany(r => RecipeSettings.Paths(r.GetType())).Distinct()];
        return Bind(json, records, "");
    }

    private object[] Bind(JsonObject json, IReadOnlyList<object> records, string prefix)
    {
        var copies = records.Select(RecipeSettings.Copy).ToArray();
        foreach (var (name, value) in json)
        {
            var owner = copies.FirstOrDefault(copy => RecipeSettings.Find(copy.GetType(), name) is not null);
            if (owner is null) _faults.Add($"there is no setting '{prefix}{name}'; did you mean '{RecipeSettings.Nearest($"{prefix}{name}", _known)}'?");
            else Set(owner, RecipeSettings.Find(owner.GetType(), name)!, value, prefix + name);
        }
        return copies;
    }

    private void Set(object owner, PropertyInfo setting, JsonNode? json, string path)
    {
        if (json is null && !RecipeSettings.MayBeNull(setting)) _faults.Add($"{path} is null, expected {Expected(setting.PropertyType)}");
        else if (RecipeSettings.IsRecord(setting.PropertyType)) SetParts(owner, setting, json, path);
        else if (json is null) setting.SetValue(owner, null);
        else if (TryRead(json, setting.PropertyType, out var value)) setting.SetValue(owner, value);
        else _faults.Add($"{path} is {json.ToJsonString()}, expected {Expected(setting.PropertyType)}");
    }

    private void SetParts(object owner, PropertyInfo setting, JsonNode? json, string path)
    {
        if (json is not JsonObject parts) _faults.Add($"{path} is {json?.ToJsonString() ?? "null"}, expected settings in braces");
        else if (Start(owner, setting, parts, path) is { } start) setting.SetValue(owner, Bind(parts, [start], path + ".")[0]);
    }

    // A network is its variant, whose other settings follow from the name.
    private object? Start(object owner, PropertyInfo setting, JsonObject parts, string path)
    {
        if (setting.PropertyType != typeof(DetClipConfig) || parts[nameof(DetClipConfig.Variant)] is not JsonValue name) return setting.GetValue(owner);
        if (DetClipVariants.All.FirstOrDefault(v => v.Variant == name.ToString()) is { } variant) return variant;
        _faults.Add($"{path}.{nameof(DetClipConfig.Variant)} is {name.ToJsonString()}, expected one of {string.Join(", ", DetClipVariants.All.Select(v => v.Variant))}");
        return null;
    }

    private static bool TryRead(JsonNode json, Type type, out object? value)
    {
        value = null;
        if (RecipeSettings.ItemOf(type) is { } item) return json is JsonArray array && TryReadAll(array, item, out value);
        if (json is not JsonValue single) return false;
        var element = single.GetValue<JsonElement>();
        value = element.ValueKind switch
        {
            JsonValueKind.String when type == typeof(string) => element.GetString(),
            JsonValueKind.String when type == typeof(double) && element.GetString() == "Infinity" => double.PositiveInfinity, // JSON has no number for it
            JsonValueKind.String when type.IsEnum => Enum.GetNames(type).Contains(element.GetString()) ? Enum.Parse(type, element.GetString()!) : null,
            JsonValueKind.True or JsonValueKind.False when type == typeof(bool) => element.GetBoolean(),
            JsonValueKind.Number when type == typeof(double) => element.GetDouble(),
            JsonValueKind.Number when type == typeof(int) => element.TryGetInt32(out var number) ? number : null,
            JsonValueKind.Number when type == typeof(long) => element.TryGetInt64(out var number) ? number : null,
            _ => null,
        };
        return value is not null;
    }

    private static bool TryReadAll(JsonArray array, Type item, out object? value)
    {
        var list = Array.CreateInstance(item, array.Count);
        value = list;
        foreach (var (i, json) in array.Index())
        {
            if (json is null || !TryRead(json, item, out var read)) return false;
            ((IList)list)[i] = read;
        }
        return true;
    }

    private static string Expected(Type type) =>
        RecipeSettings.ItemOf(type) is { } item ? $"a list, each {Expected(item)}"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(bool) ? "true or false"
        : type == typeof(double) ? "a number"
        : type == typeof(string) ? "a text"
        : string.Create(CultureInfo.InvariantCulture, $"a whole number of {(type == typeof(int) ? 32 : 64)} bits");
}
