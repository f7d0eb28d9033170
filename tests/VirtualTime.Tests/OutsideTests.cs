using Akka.Actor;
using CsCheck;

namespace IoScale.VirtualTime.Tests;

public sealed class OutsideTests(Runs runs) : IClassFixture<Runs>
{
    [Fact]
    public async Task A_query_is_answered_in_the_middle_of_a_run_between_two_events_on_the_partitions_thread()
    {
        bool enough = false;
        bool inEvent = false;
        int thread = 0;
        Topology topology = Puppet.Alone(puppet =>
        {
            inEvent = true;
            thread = Environment.CurrentManagedThreadId;
            if (Volatile.Read(ref enough))
            {
                throw new OperationCanceledException();
            }

            inEvent = false;
        });
        using Simulation simulation = runs.Start(topology);
        // One call that would go on for days: an answer can only come from within it.
        Task run = Task.Run(() => simulation.RunUntil(long.MaxValue / 2));
        Assert.True(SpinWait.SpinUntil(() => simulation.EventsHandled > 0, Runs.Bound));
        Func<Puppet, object> query = puppet => (puppet.Now, inEvent, Environment.CurrentManagedThreadId == thread);
        (long first, bool during, bool sameThread) = await simulation.ActorOf(new EntityId(0)).Ask<(long, bool, bool)>(query, Runs.Bound);
        long second = first;
        for (int i = 0; i < 10_000 && second == first; i++)
        {
            // Several queries may be answered between the same two events.
            (second, _, _) = await simulation.ActorOf(new EntityId(0)).Ask<(long, bool, bool)>(query, Runs.Bound);
        }

        // Even between two of its own events an entity can not send for a query.
        Func<Puppet, object> send = static puppet =>
        {
            puppet.Say(puppet.Id, 1);
            return "sent";
        };
        Status.Failure refused = await simulation.ActorOf(new EntityId(0)).Ask<Status.Failure>(send, Runs.Bound);
        Assert.Contains("handles no event", refused.Cause.Message, StringComparison.Ordinal);
        Volatile.Write(ref enough, true);
        await Assert.ThrowsAsync<ModelErrorException>(() => run);
        Assert.False(during);
        Assert.True(sameThread);
        Assert.True(0 < first && first < second, $"virtual time stood still between {first} and {second}");
    }

    [Fact]
    public async Task Queries_and_strays_and_kills_during_a_run_leave_the_hash_as_it_is()
    {
        World world = World.Fixed;
        const long until = 1_000_000;
        ulong expected = runs.HashAt(world.Topology(), until + 100_000);
        foreach (int threads in new[] { 1, 2 })
        {
            using Simulation simulation = runs.Start(world.Topology(), threads);
            Task run = Task.Run(() => simulation.RunUntil(until));
            int answers = 0;
            do
            {
                IActorRef entity = simulation.ActorOf(new EntityId(answers % world.PartitionOf.Length));
                entity.Tell("stray");
                entity.Tell(new Ball(0, 0, 0, 0));
                entity.Tell(Kill.Instance);
                await entity.Ask<long>("thrown", Runs.Bound);
                answers++;
            }
            while (!run.IsCompleted);
            simulation.ActorOf(new EntityId(0)).Tell(PoisonPill.Instance);
            await run;
            simulation.RunUntil(until + 100_000);
            Assert.Equal(expected, simulation.ResultHash());
        }
    }

    [Fact]
    public async Task Queries_are_answered_before_the_first_run_and_between_two()
    {
        using Simulation simulation = runs.Start(Puppet.Alone(static _ => { }));
        Func<Puppet, object> ticks = static puppet => puppet.Ticks;
        Assert.Equal(0L, await simulation.ActorOf(new EntityId(0)).Ask<object>(ticks, Runs.Bound));
        simulation.RunUntil(31);
        Assert.Equal(3L, await simulation.ActorOf(new EntityId(0)).Ask<object>(ticks, Runs.Bound));
    }

    [Fact]
    public async Task An_unknown_query_is_answered_with_a_text()
    {
        using Simulation simulation = runs.Start(Puppet.Alone(static _ => { }));
        Assert.Equal("entity p/puppet does not know query 42", await simulation.ActorOf(new EntityId(0)).Ask<object>(42, Runs.Bound));
    }

    [Fact]
    public async Task An_answer_that_fails_or_sends_harms_only_itself()
    {
        using Simulation simulation = runs.Start(Puppet.Alone(static _ => { }));
        simulation.RunUntil(15);
        Func<Puppet, object> send = static puppet =>
        {
            puppet.Say(puppet.Id, 1);
            return "sent";
        };
        Status.Failure failure = await simulation.ActorOf(new EntityId(0)).Ask<Status.Failure>(send, Runs.Bound);
        Assert.Contains("handles no event", failure.Cause.Message, StringComparison.Ordinal);
        simulation.RunUntil(25);
        Assert.Equal(runs.HashAt(Puppet.Alone(static _ => { }), 25), simulation.ResultHash());
    }

    [Fact]
    public void Entities_live_under_their_run_and_partition()
    {
        string id = runs.NextId();
        using Simulation simulation = new(runs.System, id, Puppet.Linked(static _ => { }), new SimulationOptions());
        Assert.Equal($"akka://tests/user/run-{id}/right/listener", simulation.ActorOf(new EntityId(1)).Path.ToString());
        Assert.Equal("right/listener", simulation.Entity(new EntityId(1)).Path);
    }
}
