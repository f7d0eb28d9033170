using Akka.Actor;
using Akka.Event;
using CsCheck;

namespace IoScale.VirtualTime.Tests;

public sealed class FailureTests(Runs runs) : IClassFixture<Runs>
{
    [Fact]
    public void A_failure_names_entity_time_sender_and_message_and_keeps_the_cause()
    {
        InvalidTimeZoneException cause = new("the cause");
        using Simulation simulation = runs.Start(Puppet.Alone(_ => throw cause));
        ModelErrorException error = Assert.Throws<ModelErrorException>(() => simulation.RunUntil(1_000));
        Assert.Equal("p/puppet", error.EntityPath);
        Assert.Equal("p/puppet", error.Sender);
        Assert.Equal(10, error.TimePs);
        Assert.Same(Tick.Instance, error.VirtualMessage);
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public void After_a_failure_every_call_fails_the_same_way()
    {
        using Simulation simulation = runs.Start(Puppet.Alone(_ => throw new InvalidTimeZoneException("once")));
        ModelErrorException first = Assert.Throws<ModelErrorException>(() => simulation.RunUntil(1_000));
        Assert.Equal(first.Message, Assert.Throws<ModelErrorException>(() => simulation.RunUntil(2_000)).Message);
        Assert.Throws<ModelErrorException>(() => simulation.ResultHash());
        Assert.Throws<ModelErrorException>(() => simulation.Capture());
    }

    [Fact]
    public void The_supervisor_sees_the_exception_and_stops_the_entity()
    {
        InvalidTimeZoneException cause = new("seen");
        using Simulation simulation = runs.Start(Puppet.Alone(_ => throw cause));
        using Inbox inbox = Inbox.Create(runs.System);
        inbox.Watch(simulation.ActorOf(new EntityId(0)));
        runs.System.EventStream.Subscribe(inbox.Receiver, typeof(Error));
        Assert.Throws<ModelErrorException>(() => simulation.RunUntil(1_000));
        object[] seen = [inbox.Receive(Runs.Bound), inbox.Receive(Runs.Bound)];
        Assert.Contains(seen, message => message is Error error && error.Cause == cause);
        Assert.Contains(seen, message => message is Terminated);
    }

    [Fact]
    public void The_smallest_failure_is_reported_whatever_the_threads() =>
        Gen.Select(Gen.Select(Gen.Long[1, 50], Gen.Long[1, 3_000]).Array[2, 8], Gen.Bool).Sample(
            (entities, linked) =>
            {
                // Each entity, in a partition of its own, fails at its first tick from a time on; the partitions' paces differ widely.
                Topology topology = new(
                    1,
                    [.. entities.Select((_, i) => new PartitionSpec($"p{i}", $"h{i / 2}"))],
                    linked ? [.. Enumerable.Range(1, entities.Length / 2).Select(i => new LinkSpec($"l{i}", i - 1, i, 7))] : [],
                    [.. entities.Select((e, i) => new EntitySpec("e", i, () => new Puppet(e.Item1, puppet =>
                    {
                        if (puppet.Now >= e.Item2)
                        {
                            throw new InvalidTimeZoneException();
                        }
                    })))]);
                (long time, int entity) = entities.Select((e, i) => ((e.Item2 + e.Item1 - 1) / e.Item1 * e.Item1, i)).Min();
                foreach (int threads in (ReadOnlySpan<int>)[1, 2, 4])
                {
                    using Simulation simulation = runs.Start(topology, threads);
                    ModelErrorException error = Assert.Throws<ModelErrorException>(() => simulation.RunUntil(1_000_000_000));
                    Assert.Equal((time, $"p{entity}/e"), (error.TimePs, error.EntityPath));
                }
            },
            iter: 30,
            threads: 1);

    [Fact]
    public void A_failure_ends_a_run_that_would_go_on_elsewhere()
    {
        // The second partition alone would take hours.
        Topology topology = new(
            1,
            [new PartitionSpec("a", "a"), new PartitionSpec("b", "b")],
            [],
            [new EntitySpec("x", 0, () => new Puppet(10, static _ => throw new InvalidTimeZoneException())), new EntitySpec("y", 1, () => new Metronome(1))]);
        foreach (int threads in (ReadOnlySpan<int>)[1, 2])
        {
            using Simulation simulation = runs.Start(topology, threads);
            Assert.Equal("a/x", Assert.Throws<ModelErrorException>(() => simulation.RunUntil(VirtualDuration.Second)).EntityPath);
        }
    }

    [Fact]
    public void An_entity_that_can_not_be_made_fails_the_first_run_with_a_clear_error()
    {
        Topology topology = new(
            1,
            [new PartitionSpec("p", "p")],
            [],
            [new EntitySpec("good", 0, () => new Metronome(1)), new EntitySpec("bad", 0, () => throw new InvalidTimeZoneException("no such zone"))]);
        using Simulation simulation = runs.Start(topology);
        ModelErrorException error = Assert.Throws<ModelErrorException>(() => simulation.RunUntil(1));
        Assert.Equal("Entity p/bad failed to start: no such zone", error.Message);
    }

    [Fact]
    public void A_factory_that_gives_the_same_entity_twice_is_refused()
    {
        Metronome? shared = null;
        Topology topology = new(
            1,
            [new PartitionSpec("p", "p")],
            [],
            [new EntitySpec("a", 0, () => shared ??= new Metronome(1)), new EntitySpec("b", 0, () => shared ??= new Metronome(1))]);
        using Simulation simulation = runs.Start(topology);
        Assert.Contains("new entity", Assert.Throws<ModelErrorException>(() => simulation.RunUntil(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entity_that_fails_in_its_start_fails_the_run()
    {
        using Simulation simulation = runs.Start(new Topology(
            1, [new PartitionSpec("p", "p")], [], [new EntitySpec("e", 0, () => new Metronome(-1))]));
        ModelErrorException error = Assert.Throws<ModelErrorException>(() => simulation.RunUntil(1));
        Assert.Contains("p/e failed to start", error.Message, StringComparison.Ordinal);
        Assert.Contains("negative delay", error.Message, StringComparison.Ordinal);
    }
}
