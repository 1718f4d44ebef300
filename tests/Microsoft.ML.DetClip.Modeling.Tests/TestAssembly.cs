// Torch's random generator belongs to the process, and it uses every core by itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

