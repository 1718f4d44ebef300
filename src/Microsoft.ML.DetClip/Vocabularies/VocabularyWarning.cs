using System.Text.Json.Serialization;

namespace Microsoft.ML.DetClip;

/// <summary>Something about a vocabulary that may lead to worse detections than its author expects.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The concept.</param>
/// <param name="Other">The other concept, where there are two.</param>
/// <param name="Message">The warning as a sentence, with what can be done.</param>
public sealed record VocabularyWarning(VocabularyWarningKind Kind, string Name, string? Other, string Message);

/// <summary>What <see cref="Vocabulary"/>'s check looks for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VocabularyWarningKind>))]
public enum VocabularyWarningKind
{
    /// <summary>Two names are hardly different, in spelling or to the text encoder: both will be found in one place.</summary>
    NearDuplicate,

    /// <summary>A name is a part of another, as "light" is of "traffic light": what the longer one means may be found as the shorter one.</summary>
    Contained,

    /// <summary>A word stands for two concepts: a synonym or an alias of one is a word of another.</summary>
    SharedWord,

    /// <summary>A text is longer than the text encoder reads; its end is not seen.</summary>
    Cut,

    /// <summary>The tokenizer knows a word only in many small pieces: the text encoder has hardly seen it in training.</summary>
    Shattered,
}
