using System.Text.Json.Serialization;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>The parts of COCO's files that evaluation reads.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CocoAnnotationsJson))]
[JsonSerializable(typeof(List<CocoResultJson>))]
internal sealed partial class CocoJson : JsonSerializerContext;

internal sealed record CocoAnnotationsJson(
    [property: JsonPropertyName("images"), JsonRequired] List<CocoImageJson> Images,
    [property: JsonPropertyName("annotations"), JsonRequired] List<CocoAnnotationJson> Annotations,
    [property: JsonPropertyName("categories"), JsonRequired] List<CocoCategoryJson> Categories);

internal readonly record struct CocoImageJson([property: JsonPropertyName("id"), JsonRequired] long Id);

internal readonly record struct CocoCategoryJson(
    [property: JsonPropertyName("id"), JsonRequired] int Id,
    [property: JsonPropertyName("name"), JsonRequired] string Name);

internal readonly record struct CocoAnnotationJson(
    [property: JsonPropertyName("id"), JsonRequired] long Id,
    [property: JsonPropertyName("image_id"), JsonRequired] long ImageId,
    [property: JsonPropertyName("category_id"), JsonRequired] int CategoryId,
    [property: JsonPropertyName("bbox"), JsonRequired] double[] BoundingBox,
    [property: JsonPropertyName("area"), JsonRequired] double Area,
    [property: JsonPropertyName("iscrowd")] int IsCrowd = 0);

internal readonly record struct CocoResultJson(
    [property: JsonPropertyName("image_id"), JsonRequired] long ImageId,
    [property: JsonPropertyName("category_id"), JsonRequired] int CategoryId,
    [property: JsonPropertyName("bbox"), JsonRequired] double[] BoundingBox,
    [property: JsonPropertyName("score"), JsonRequired] double Score);
