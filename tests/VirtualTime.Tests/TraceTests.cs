using CsCheck;

namespace IoScale.VirtualTime.Tests;

public sealed class TraceTests(Runs runs) : IClassFixture<Runs>
{
    [Fact]
    public void The_trace_is_in_key_order_and_the_same_for_any_threads_and_cuts() =>
        Gen.Select(World.Gen, Gen.Long[0, 3_000]).Sample(
            (world, cut) =>
            {
                Recorder one = Record(world, 1, 3_000);
                Assert.NotEmpty(one.Events);
                Assert.Equal(one.Events.OrderBy(e => (e.TimePs, e.Sender.Value, e.Sequence, e.Target.Value)), one.Events);
                Assert.Equal(one.Events, Record(world, 2, 3_000).Events);
                Assert.Equal(one.Events, Record(world, 4, cut, 3_000).Events);
            },
            iter: 25,
            threads: 1);

    [Fact]
    public void The_trace_holds_every_event_handled_and_changes_no_result()
    {
        World world = World.Fixed;
        Recorder recorder = new();
        using Simulation simulation = runs.Start(world.Topology(), 2, recorder);
        simulation.RunUntil(50_000);
        Assert.Equal(simulation.EventsHandled, recorder.Events.Count);
        Assert.Equal(runs.HashAt(world.Topology(), 50_000), simulation.ResultHash());
    }

    [Fact]
    public void Only_what_is_wanted_is_written()
    {
        World world = World.Fixed;
        Recorder all = Record(world, 1, 3_000);
        Recorder some = new() { Filter = static (target, time) => target.Value == 1 && time >= 100 };
        using Simulation simulation = runs.Start(world.Topology(), 1, some);
        simulation.RunUntil(3_000);
        Assert.Equal(all.Events.Where(e => e.Target.Value == 1 && e.TimePs >= 100), some.Events);
    }

    [Fact]
    public void A_failed_run_is_traced_up_to_the_failure_and_no_further()
    {
        Topology topology = new(
            1,
            [new PartitionSpec("a", "a"), new PartitionSpec("b", "b")],
            [],
            [
                // The first to run within a slice, and so past the failure when it comes.
                new EntitySpec("y", 0, () => new Metronome(1)),
                new EntitySpec("x", 1, () => new Puppet(10, static puppet =>
                {
                    if (puppet.Now == 500)
                    {
                        throw new InvalidTimeZoneException();
                    }
                })),
            ]);
        foreach (int threads in (ReadOnlySpan<int>)[1, 2])
        {
            Recorder recorder = new();
            using Simulation simulation = runs.Start(topology, threads, recorder);
            Assert.Throws<ModelErrorException>(() => simulation.RunUntil(VirtualDuration.Second));
            Assert.Equal(550, recorder.Events.Count);
            Assert.Equal(500, recorder.Events[^1].TimePs);
        }
    }

    private Recorder Record(World world, int threads, params long[] borders)
    {
        Recorder recorder = new();
        using Simulation simulation = runs.Start(world.Topology(), threads, recorder);
        foreach (long border in borders)
        {
            simulation.RunUntil(border);
        }

        Assert.Equal([Environment.CurrentManagedThreadId], recorder.Threads);
        return recorder;
    }

    private sealed class Recorder : IEventTrace
    {
        public List<TracedEvent> Events { get; } = [];

        public HashSet<int> Threads { get; } = [Environment.CurrentManagedThreadId];

        public Func<EntityId, long, bool> Filter { get; init; } = static (_, _) => true;

        public bool Wants(EntityId target, long timePs) => Filter(target, timePs);

        public void Write(in TracedEvent e)
        {
            Threads.Add(Environment.CurrentManagedThreadId);
            Events.Add(e);
        }
    }
}
