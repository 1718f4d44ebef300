namespace OpenWorldRuns;

internal static class Report
{
    public static void Write(string folder) => _ = folder;
}
