namespace IoScale.VirtualTime.Tests;

public sealed class AllocationTests(Runs runs) : IClassFixture<Runs>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_engine_allocates_nothing_per_event(int threads)
    {
        Topology topology = new(
            1,
            [new PartitionSpec("a", "a"), new PartitionSpec("b", "b")],
            [new LinkSpec("l", 0, 1, 100)],
            [new EntitySpec("x", 0, () => new Pair(new EntityId(1))), new EntitySpec("y", 1, () => new Pair(new EntityId(0)))]);
        using Simulation simulation = runs.Start(topology, threads);
        simulation.RunUntil(1_100_000);
        Assert.InRange(simulation.EventsHandled, 400_000, 500_000);
        Assert.Equal(threads == 2, simulation.Statistics.CrossThreadSends > 0);
        Assert.Equal([0L, 0L], [((Pair)simulation.Entity(new EntityId(0))).Bytes, ((Pair)simulation.Entity(new EntityId(1))).Bytes]);
    }

    /// <summary>Ticks, tells the other at each tick, and counts the bytes its thread allocates once queues and boxes have grown.</summary>
    private sealed class Pair : EntityActor<Count>
    {
        private readonly EntityId _other;
        private long _from;

        public Pair(EntityId other)
        {
            _other = other;
            State = new Count();
        }

        public long Bytes { get; private set; } = -1;

        protected internal override void Start() => After(10, Tick.Instance);

        protected internal override void Handle(EntityId sender, VirtualMessage message)
        {
            if (sender != Id)
            {
                return;
            }

            State.Ticks++;
            if (State.Ticks == 20_000)
            {
                _from = GC.GetAllocatedBytesForCurrentThread();
            }
            else if (State.Ticks == 100_000)
            {
                Bytes = GC.GetAllocatedBytesForCurrentThread() - _from;
            }

            Send(_other, Tick.Instance, 100);
            After(10, Tick.Instance);
        }
    }
}
