// Each test keeps several processes busy: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
