using QuickStart;

// Draws the small edition of the open world (or takes COCO data), trains a detector on it, saves it as an ML.NET model, and lets a second process load
// that model and look for things by name. "detect" is what the second process is started with.
return args is ["detect", .. var rest] ? DetectRun.Start(rest) : QuickStartRun.Start(args);
