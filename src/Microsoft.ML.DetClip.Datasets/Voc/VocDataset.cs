namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A data set in PASCAL VOC's layout (Everingham et al. 2010): an XML file for each image. Objects marked difficult become crowds: no example, and none that must be found.</summary>
public sealed class VocDataset
{
    private VocDataset(IReadOnlyList<DetectionSample> samples, ReadReport report) => (Samples, Report) = (samples, report);

    /// <summary>One for each annotation, those without objects included, in the order of file names or of the split. Ids count from 1.</summary>
    public IReadOnlyList<DetectionSample> Samples { get; }

    /// <summary>What was cut or left out.</summary>
    public ReadReport Report { get; }

    /// <summary>Reads a data set. The images are not opened.</summary>
    /// <param name="folder">Holds "Annotations" with the XML files, or the XML files themselves.</param>
    /// <param name="options">Null for the defaults: the first wrong record stops the reading.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">There is no list for the split, or no annotation for an entry of it.</exception>
    /// <exception cref="InvalidDataException">There are no annotations, or one is no XML or is wrong; the message says where and how.</exception>
    public static VocDataset Load(string folder, DatasetReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var log = new ReadLog(folder, options ?? new());
        return new([.. VocReader.Read(log).Select(DetectionSample.From)], log.Report);
    }
}
