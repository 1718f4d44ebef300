using Microsoft.ML.DetClip;
using SkiaSharp;

namespace QuickStart.World;

/// <summary>An object that can be seen on a scene.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Box">The box around what is visible of it, in pixels.</param>
/// <param name="VisiblePixels">Its area that is visible, in pixels.</param>
public sealed record SceneObject(ObjectKind Kind, Box Box, int VisiblePixels);

/// <summary>A picture and what is on it.</summary>
public sealed record Scene(SKBitmap Picture, IReadOnlyList<SceneObject> Objects) : IDisposable
{
    /// <summary>A sentence that names each kind once: "a striped red star and an orange moon".</summary>
    public string Caption
    {
        get
        {
            string[] phrases = [.. Objects.Select(o => o.Kind.Name).Distinct().Select(name => ("aeiou".Contains(name[0]) ? "an " : "a ") + name)];
            return phrases.Length == 1 ? phrases[0] : $"{string.Join(", ", phrases[..^1])} and {phrases[^1]}";
        }
    }

    /// <summary>Frees the picture.</summary>
    public void Dispose() => Picture.Dispose();
}
