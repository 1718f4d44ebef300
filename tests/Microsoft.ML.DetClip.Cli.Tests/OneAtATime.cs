// Commands run inside the tests' process and may change torch's default device, which all threads share.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
