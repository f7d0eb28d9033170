using Akka.Actor;

namespace IoScale.VirtualTime.Tests;

public sealed class DisposeTests(Runs runs) : IClassFixture<Runs>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Disposed_before_it_ran_the_actors_are_gone() =>
        await Gone(static _ => { });

    [Fact]
    public async Task Disposed_after_a_run_the_actors_are_gone() =>
        await Gone(static simulation => simulation.RunUntil(1_000));

    [Fact]
    public async Task Disposed_after_a_failure_the_actors_are_gone() =>
        await Gone(static simulation =>
        {
            simulation.Inject(5, new EntityId(0), new Bomb());
            Assert.Throws<ModelErrorException>(() => simulation.RunUntil(1_000));
        });

    [Fact]
    public async Task Disposed_during_a_run_the_run_ends()
    {
        Simulation simulation = runs.Start(Puppet.Linked(static _ => { }), threads: 3);
        Task run = Task.Run(() => simulation.RunUntil(long.MaxValue / 2));
        Assert.True(SpinWait.SpinUntil(() => simulation.EventsHandled > 0, Runs.Bound));
        simulation.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => run.WaitAsync(Soon));
    }

    [Fact]
    public void After_dispose_calls_are_refused_and_a_second_dispose_is_harmless()
    {
        Simulation simulation = runs.Start(Puppet.Alone(static _ => { }));
        simulation.Dispose();
        simulation.Dispose();
        Assert.Throws<ObjectDisposedException>(() => simulation.RunUntil(1));
    }

    [Fact]
    public void The_id_and_the_dispatchers_of_a_run_that_is_over_are_used_again()
    {
        string id = runs.NextId();
        for (int i = 0; i < 20; i++)
        {
            using Simulation simulation = new(runs.System, id, Puppet.Linked(static _ => { }), new SimulationOptions { Threads = 2 });
            simulation.RunUntil(100);
        }

        string[] made = [.. Enumerable.Range(0, 100).Select(i => $"ioscale-virtual-time-{i}").Where(runs.System.Dispatchers.HasDispatcher)];
        Assert.InRange(made.Length, 2, 6);
    }

    [Fact]
    public void A_run_id_in_use_is_refused_and_the_first_run_goes_on()
    {
        string id = runs.NextId();
        using Simulation first = new(runs.System, id, Puppet.Alone(static _ => { }), new SimulationOptions());
        Assert.Throws<InvalidActorNameException>(() => new Simulation(runs.System, id, Puppet.Alone(static _ => { }), new SimulationOptions()));
        first.RunUntil(100);
        Assert.Equal(9, first.EventsHandled);
    }

    [Fact]
    public async Task An_actor_system_terminates_while_a_simulation_lives()
    {
        ActorSystem system = ActorSystem.Create("shortlived", "akka { loglevel = OFF, stdout-loglevel = OFF }");
        using Simulation simulation = new(system, "1", Puppet.Linked(static _ => { }), new SimulationOptions { Threads = 2 });
        simulation.RunUntil(100);
        await system.Terminate().WaitAsync(Soon);
    }

    private async Task Gone(Action<Simulation> use)
    {
        Topology topology = new(
            1,
            [new PartitionSpec("p", "p"), new PartitionSpec("q", "q")],
            [],
            [.. Enumerable.Range(0, 200).Select(i => new EntitySpec($"e{i}", i % 2, () => new Fuse()))]);
        Simulation simulation = runs.Start(topology, threads: 2);
        use(simulation);
        using Inbox inbox = Inbox.Create(runs.System);
        IActorRef entity = simulation.ActorOf(new EntityId(1));
        inbox.Watch(entity);
        await Task.Run(simulation.Dispose).WaitAsync(Soon);
        Assert.Equal(entity, ((Terminated)inbox.Receive(Soon)).ActorRef);
    }

    private sealed record Bomb : VirtualMessage
    {
        public override void Fold(ref Digest digest) => digest.Add(2);
    }

    private sealed class Fuse : Metronome
    {
        public Fuse()
            : base(10)
        {
        }

        protected internal override void Handle(EntityId sender, VirtualMessage message)
        {
            if (message is Bomb)
            {
                throw new InvalidTimeZoneException();
            }

            base.Handle(sender, message);
        }
    }
}
