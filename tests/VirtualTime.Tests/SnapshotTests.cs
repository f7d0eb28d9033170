using CsCheck;

namespace IoScale.VirtualTime.Tests;

public sealed class SnapshotTests(Runs runs) : IClassFixture<Runs>
{
    private const long Until = 20_000;

    [Fact]
    public void A_restored_run_goes_on_as_if_nothing_had_happened() =>
        Gen.Select(World.Gen, Gen.Long[0, Until], Gen.Int[1, 3], Gen.Int[1, 3]).Sample(
            (world, at, threadsBefore, threadsAfter) =>
            {
                using Simulation first = runs.Start(world.Topology(), threadsBefore);
                first.RunUntil(at);
                using Simulation second = runs.Start(world.Topology(), threadsAfter);
                second.Restore(first.Capture());
                Assert.Equal(at, second.Now);
                Assert.Equal(first.ResultHash(), second.ResultHash());
                second.RunUntil(Until);
                Assert.Equal(runs.HashAt(world.Topology(), Until), second.ResultHash());
            },
            iter: 30,
            threads: 1);

    [Fact]
    public void A_capture_changes_nothing_and_is_the_same_for_any_number_of_threads() =>
        World.Gen.Sample(
            world =>
            {
                using Simulation one = runs.Start(world.Topology());
                using Simulation three = runs.Start(world.Topology(), threads: 3);
                one.RunUntil(1_000);
                three.RunUntil(1_000);
                Assert.Equal(one.Capture(), three.Capture());
                one.RunUntil(Until);
                Assert.Equal(runs.HashAt(world.Topology(), Until), one.ResultHash());
            },
            iter: 20,
            threads: 1);

    [Fact]
    public void A_run_that_has_not_started_can_be_captured_and_starts_after_the_restore()
    {
        World world = World.Fixed;
        using Simulation first = runs.Start(world.Topology());
        using Simulation second = runs.Start(world.Topology());
        second.Restore(first.Capture());
        second.RunUntil(Until);
        Assert.Equal(runs.HashAt(world.Topology(), Until), second.ResultHash());
    }

    [Fact]
    public void Injections_are_numbered_on_after_a_restore()
    {
        Topology topology = Puppet.Alone(static _ => { });
        using Simulation first = runs.Start(topology);
        first.Inject(5, new EntityId(0), new Ball(0, 0, 0, 0));
        first.RunUntil(6);
        using Simulation second = new(runs.System, runs.NextId(), topology, new SimulationOptions { Codec = new TickCodec() });
        using Simulation captured = new(runs.System, runs.NextId(), topology, new SimulationOptions { Codec = new TickCodec() });
        captured.Inject(5, new EntityId(0), Tick.Instance);
        captured.RunUntil(6);
        second.Restore(captured.Capture());
        second.Inject(7, new EntityId(0), Tick.Instance);
        List<PendingEvent> pending = [];
        second.ForEachPending(pending.Add);
        Assert.Equal(1, pending.Single(e => e.Sender == EntityId.Engine).Sequence);
    }

    [Fact]
    public void Any_flipped_byte_and_any_cut_is_found()
    {
        World world = World.Fixed;
        using Simulation simulation = runs.Start(world.Topology());
        simulation.RunUntil(100);
        byte[][] snapshot = [.. simulation.Capture()];
        using Simulation fresh = runs.Start(world.Topology());
        Gen.Select(Gen.Int[0, snapshot.Length - 1], Gen.Double.Unit, Gen.Byte[1, 255]).Sample(
            (part, place, flip) =>
            {
                int at = (int)(place * (snapshot[part].Length - 1));
                byte[] damaged = [.. snapshot[part]];
                damaged[at] ^= flip;
                Assert.Throws<InvalidDataException>(() => fresh.Restore(With(part, damaged)));
                Assert.Throws<InvalidDataException>(() => fresh.Restore(With(part, snapshot[part][..at])));
                Assert.Throws<InvalidDataException>(() => fresh.Restore(With(part, snapshot[(part + 1) % snapshot.Length])));
            },
            iter: 100,
            threads: 1);
        byte[][] With(int part, byte[] bytes) => [.. snapshot.Select((own, i) => i == part ? bytes : own)];
        Assert.Throws<InvalidDataException>(() => fresh.Restore([]));
        Assert.Throws<InvalidDataException>(() => fresh.Restore(snapshot[1..]));
        fresh.Restore(snapshot);
        Assert.Equal(simulation.ResultHash(), fresh.ResultHash());
    }

    [Fact]
    public void A_snapshot_of_another_topology_is_refused()
    {
        World world = World.Fixed;
        using Simulation simulation = runs.Start(world.Topology());
        using Simulation other = runs.Start((world with { Seed = world.Seed + 1 }).Topology());
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => other.Restore(simulation.Capture()));
        Assert.Contains("another topology", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restoring_over_a_run_is_refused()
    {
        World world = World.Fixed;
        using Simulation simulation = runs.Start(world.Topology());
        simulation.RunUntil(100);
        Assert.Throws<InvalidOperationException>(() => simulation.Restore(simulation.Capture()));
    }

    [Fact]
    public void Queued_events_can_not_be_captured_without_a_codec()
    {
        using Simulation simulation = new(runs.System, runs.NextId(), Puppet.Alone(static _ => { }), new SimulationOptions());
        simulation.RunUntil(15);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => simulation.Capture());
        Assert.Contains("Codec", error.Message, StringComparison.Ordinal);
    }

    private sealed class TickCodec : IMessageCodec
    {
        public void Write(System.Buffers.IBufferWriter<byte> writer, VirtualMessage message) => Assert.IsType<Tick>(message);

        public VirtualMessage Read(ReadOnlySpan<byte> bytes) => Tick.Instance;
    }
}
