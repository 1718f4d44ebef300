using QuickStart.World;

// Draws the world into a folder: train (boxes of seen kinds), pairs (sentences about all kinds) and test (boxes of all kinds).
var folder = args.Length > 0 ? args[0] : "world";
var scenes = args.Length > 1 ? int.Parse(args[1]) : 1000;

var world = new SceneGenerator(seed: 1);
WorldFolder.WriteBoxes(folder, "train", world, first: 0, count: scenes, unseenShare: 0);
WorldFolder.WriteSentences(folder, "pairs", world, first: 1_000_000, count: scenes, unseenShare: 0.3);
WorldFolder.WriteBoxes(folder, "test", world, first: 2_000_000, count: scenes / 5, unseenShare: 0.3);
Console.WriteLine($"{scenes} scenes to train on, {scenes} with sentences and {scenes / 5} to test are in {Path.GetFullPath(folder)}.");
Console.WriteLine($"{world.Kinds.Count} kinds, {world.Kinds.Count(k => !k.Seen)} of them never boxed in training, such as: {string.Join(", ", world.Kinds.Where(k => !k.Seen).Select(k => k.Name).Take(4))}.");
