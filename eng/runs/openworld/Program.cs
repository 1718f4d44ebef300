using OpenWorldRuns;

// The measuring and writing part of ../openworld.sh: a trained detector becomes a line of results.csv, the lines become the tables and plots of the page.
try
{
    switch (args)
    {
        case ["measure", .. var rest]: Measurement.Run(Arguments.Parse(rest)); return 0;
        case ["report", var folder]: Report.Write(folder); return 0;
        case ["sheet", var world, var picture]: NamedObjects.Save(world, picture); return 0;
        case ["found", .. var rest]: FoundObjects.Save(Arguments.Parse(rest)); return 0;
        default:
            Console.Error.WriteLine("""
                usage: OpenWorldRuns measure --model ZIP --world DIR --run DIR --row NAME --seed N --csv FILE [--ask WAY] [--cpu SECONDS] [--wall SECONDS] [--memory MIB] [--gpu N]
                       (WAY: definition, the name with its definition; name; alias, a word never met; alias-definition, that word and how the thing looks)
                       OpenWorldRuns report DIR          fills the tables of DIR/README.md from DIR/results.csv, and draws DIR/*.png
                       OpenWorldRuns sheet WORLD PNG     pictures of the world with the names of what is on them
                       OpenWorldRuns found --model ZIP --world DIR --picture PNG [--gpu N]     the same pictures with what a detector finds on them
                """);
            return 2;
    }
}
catch (Exception e) when (e is ArgumentException or IOException or InvalidDataException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
