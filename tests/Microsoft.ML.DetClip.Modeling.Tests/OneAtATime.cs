// Tests seed torch's random generator and change its default device; all threads share both.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
