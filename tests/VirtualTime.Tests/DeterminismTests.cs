using CsCheck;

namespace IoScale.VirtualTime.Tests;

public sealed class DeterminismTests(Runs runs) : IClassFixture<Runs>
{
    private const long Until = 250_000;

    [Fact]
    public void One_two_and_four_threads_give_the_same_hash() =>
        World.Gen.Sample(
            world =>
            {
                ulong one = runs.HashAt(world.Topology(), Until);
                Assert.Equal(one, runs.HashAt(world.Topology(), Until, threads: 2));
                Assert.Equal(one, runs.HashAt(world.Topology(), Until, threads: 4));
            },
            iter: 40,
            threads: 1);

    [Fact]
    public void Another_seed_gives_another_hash() =>
        World.Gen.Sample(
            world => Assert.NotEqual(
                runs.HashAt(world.Topology(), Until), runs.HashAt((world with { Seed = world.Seed + 1 }).Topology(), Until)),
            iter: 10,
            threads: 1);

    [Fact]
    public void The_same_message_at_the_same_time_from_another_sender_gives_another_hash()
    {
        Topology From(int sender) => new(
            1,
            [new PartitionSpec("p", "p")],
            [],
            [.. Enumerable.Range(0, 3).Select(id => new EntitySpec($"e{id}", 0, () => new Puppet(10, puppet =>
            {
                if (puppet.Id.Value == sender && puppet.Ticks == 1)
                {
                    puppet.Say(new EntityId(2), 5);
                }
            })))]);
        Assert.Equal(runs.HashAt(From(0), 100), runs.HashAt(From(0), 100));
        Assert.NotEqual(runs.HashAt(From(0), 100), runs.HashAt(From(1), 100));
    }

    [Fact]
    public void How_a_run_is_cut_into_calls_changes_nothing() =>
        Gen.Select(World.Gen, Gen.Long[0, 20_000].Array[1, 6], Gen.Int[1, 3]).Sample(
            (world, cuts, threads) =>
            {
                using Simulation simulation = runs.Start(world.Topology(), threads);
                foreach (long cut in cuts.Order())
                {
                    simulation.RunUntil(cut);
                    Assert.Equal(cut, simulation.Now);
                }

                simulation.RunUntil(20_001);
                Assert.Equal(runs.HashAt(world.Topology(), 20_001), simulation.ResultHash());
            },
            iter: 30,
            threads: 1);

    [Fact]
    public void Two_simulations_live_in_one_actor_system()
    {
        World world = World.Fixed;
        using Simulation a = runs.Start(world.Topology(), threads: 2);
        using Simulation b = runs.Start(world.Topology());
        a.RunUntil(1_000);
        b.RunUntil(Until);
        a.RunUntil(Until);
        Assert.Equal(a.ResultHash(), b.ResultHash());
    }

    [Fact]
    public void Idle_time_is_skipped_and_not_stepped_through()
    {
        // Two linked partitions, lookahead 1 ps, one ball every 10^12 ps: stepping would take 10^12 windows.
        Topology topology = new(
            1,
            [new PartitionSpec("a", "a"), new PartitionSpec("b", "b")],
            [new LinkSpec("l", 0, 1, 1)],
            [new EntitySpec("x", 0, () => new Metronome(VirtualDuration.Second)), new EntitySpec("y", 1, () => new Metronome(VirtualDuration.Second))]);
        using Simulation simulation = runs.Start(topology, threads: 2);
        simulation.RunUntil((1_000 * VirtualDuration.Second) + 1);
        Assert.Equal(2_000, simulation.EventsHandled);
        Assert.Equal(1_000, simulation.Statistics.Windows);
    }

    [Fact]
    public void Partitions_without_links_need_one_window_each()
    {
        Topology topology = new(
            1,
            [new PartitionSpec("a", "a"), new PartitionSpec("b", "b")],
            [],
            [new EntitySpec("x", 0, () => new Metronome(1)), new EntitySpec("y", 1, () => new Metronome(1))]);
        using Simulation simulation = runs.Start(topology, threads: 2);
        simulation.RunUntil(10_001);
        Assert.Equal(20_000, simulation.EventsHandled);
        Assert.Equal(2, simulation.Statistics.Islands);
        Assert.Equal(2, simulation.Statistics.Windows);
    }
}
