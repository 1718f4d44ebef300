namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What, besides boxes with names on images with names, a format may hold.</summary>
[Flags]
internal enum DatasetContent
{
    None = 0,
    ImageIds = 1,
    ImageSizes = 2,
    ImageFolders = 4,
    CategoryIds = 8,
    UnusedCategories = 16,
    CategoryDetails = 32,
    Crowds = 64,
    Captions = 128,
    AbsentLabels = 256,
    ImageNames = 512,
    CategoryNames = 1024,
    EmptyImages = 2048,
    ReviewMarks = 4096,
}
