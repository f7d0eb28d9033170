namespace IoScale.VirtualTime.Tests;

public sealed class InjectTests(Runs runs) : IClassFixture<Runs>
{
    [Fact]
    public void Control_precedes_the_entities_own_events_of_its_time_and_keeps_its_order()
    {
        Recorder log = new();
        using Simulation simulation = runs.Start(Puppet.Alone(static _ => { }), 1, log);
        simulation.RunUntil(10);
        simulation.Inject(20, new EntityId(0), new Ball(1, 0, 0, 0));
        simulation.Inject(20, new EntityId(0), new Ball(2, 0, 0, 0));
        simulation.Inject(10, new EntityId(0), new Ball(3, 0, 0, 0));
        simulation.RunUntil(21);
        Assert.Equal(
            [(10, -1, 3), (10, 0, 0), (20, -1, 1), (20, -1, 2), (20, 0, 0)],
            log.Events.Where(e => e.Message is Ball || e.TimePs <= 10 || e.Sequence == 1)
                .Select(e => ((int)e.TimePs, e.Sender.Value, e.Message is Ball ball ? ball.Hops : 0)));
    }

    [Fact]
    public void When_control_is_injected_does_not_matter()
    {
        Topology topology = Puppet.Linked(static puppet => puppet.Say(new EntityId(1), 100));
        using Simulation early = runs.Start(topology);
        early.Inject(500, new EntityId(1), Tick.Instance);
        early.RunUntil(1_000);
        using Simulation late = runs.Start(topology, threads: 2);
        late.RunUntil(500);
        late.Inject(500, new EntityId(1), Tick.Instance);
        late.RunUntil(1_000);
        Assert.Equal(early.ResultHash(), late.ResultHash());
        Assert.NotEqual(runs.HashAt(topology, 1_000), late.ResultHash());
    }

    [Fact]
    public void Control_of_the_past_or_for_nobody_is_refused()
    {
        using Simulation simulation = runs.Start(Puppet.Alone(static _ => { }));
        simulation.RunUntil(100);
        Assert.Throws<ArgumentOutOfRangeException>(() => simulation.Inject(99, new EntityId(0), Tick.Instance));
        Assert.Throws<ArgumentOutOfRangeException>(() => simulation.Inject(100, new EntityId(1), Tick.Instance));
        Assert.Throws<ArgumentOutOfRangeException>(() => simulation.Inject(100, EntityId.Engine, Tick.Instance));
    }

    private sealed class Recorder : IEventTrace
    {
        public List<TracedEvent> Events { get; } = [];

        public bool Wants(EntityId target, long timePs) => true;

        public void Write(in TracedEvent e) => Events.Add(e);
    }
}
