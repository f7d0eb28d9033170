using IoScale.Actors.Running;
using IoScale.Hardware.Guest;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;
using MemoryPack;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

/// <summary>A train gives what its frames give one by one.</summary>
public sealed class TrainTests(Runs runs) : IClassFixture<Runs>
{
    [Theory]
    [InlineData(64, 512, 0, 100_000_000)]
    [InlineData(64, 512, 8_000, 800_000_000)]
    [InlineData(100, 32, 8_000, 300_000_000)]
    [InlineData(100, 32, 100_000, 300_000_000)]
    [InlineData(300, 100, 20_000, 1_000_000_000)]
    public void From_port_to_application(int burst, int ring, long hertz, long bps)
    {
        NicSpec nic = Nic(2, hertz) with { RxRing = ring };
        SystemSpec spec = Of(
            Host(2, nic), 9 * Ms, [Vm("a", 0, 0), Vm("b", 1, 1) with { Busy = true, ApplicationCycles = 3000 }],
            [Flow("a", bps, burst: burst, arrival: ArrivalKind.Poisson), Flow("b", bps, bytes: 600, burst: burst)]);
        List<TracedEvent> seen = [];
        using SystemRun trains = runs.Start(spec, trace: new FrameLog(seen));
        EntityId port = trains.Function("nic0.p0.pf");
        trains.RunUntil(spec.DurationPs);
        Assert.Contains(seen, e => e.Target == port && e.Message is Frames { Count: > 32 });

        SystemSpec silent = spec with { Flows = [.. spec.Flows.Select(f => f with { StopPs = 0 })] };
        using SystemRun singles = runs.Start(silent);
        foreach (TracedEvent e in seen.Where(e => e.Target == port))
        {
            InjectOneByOne(singles, port, (Frames)e.Message, spec.DurationPs);
        }

        singles.RunUntil(spec.DurationPs);
        AssertSame(trains, singles);
        if (burst > ring)
        {
            Assert.True(trains.VmOf(1).Guest.Nics[0].Ring.Dropped > 0);
        }
    }

    [Fact]
    public void Through_a_wire_on_which_two_trains_meet()
    {
        SystemSpec spec = Of(
            Host(2, Nic(2)), 5 * Ms, [Vm("a", 0, 0), Vm("b", 1, 1)],
            [Flow("a", 1_000_000_000) with { StopPs = 0 }, Flow("b", 1_000_000_000) with { StopPs = 0 }]);

        // From ports of a tenth of the wire's rate: there is room between the frames of one for those of the other.
        Frames slow = new(0, 2 * Ms, 12_304_000, 60, 1518, Ms);
        Frames[] sent = [slow, slow with { Flow = 1, FirstPs = (2 * Ms) + (5 * Us) }, slow with { Flow = 1, FirstPs = 3 * Ms, SpacingPs = 1_230_400 }];
        using SystemRun trains = runs.Start(spec);
        using SystemRun singles = runs.Start(spec);
        EntityId wire = trains.Wiring.Flows[0].ToWire!.Value;
        foreach (Frames train in sent)
        {
            trains.Simulation.Inject(train.FirstPs, wire, train);
            InjectOneByOne(singles, wire, train, spec.DurationPs);
        }

        trains.RunUntil(spec.DurationPs);
        singles.RunUntil(spec.DurationPs);
        AssertSame(trains, singles);
        Assert.Equal(60, trains.VmOf(0).Guest.Counters.Delivered);

        // Nobody waits for another's whole train: it takes 0.7 ms.
        Assert.InRange(trains.VmOf(1).Guest.Latency.QuantilePs(0), Ms, Ms + (30 * Us));
    }

    private static void InjectOneByOne(SystemRun run, EntityId target, Frames train, long beforePs)
    {
        for (int i = 0; i < train.Count; i++)
        {
            long at = train.FirstPs + (i * train.SpacingPs);
            if (at < beforePs)
            {
                run.Simulation.Inject(at, target, train with { FirstPs = at, SpacingPs = 0, Count = 1 });
            }
        }
    }

    private static void AssertSame(SystemRun trains, SystemRun singles)
    {
        for (int vm = 0; vm < 2; vm++)
        {
            GuestMachine expected = singles.VmOf(vm).Guest;
            GuestMachine actual = trains.VmOf(vm).Guest;
            Assert.Equal(MemoryPackSerializer.Serialize(expected.Counters), MemoryPackSerializer.Serialize(actual.Counters));
            Assert.Equal(MemoryPackSerializer.Serialize(expected.Latency), MemoryPackSerializer.Serialize(actual.Latency));
            Assert.Equal(expected.Nics[0].Ring.Dropped, actual.Nics[0].Ring.Dropped);
            Assert.Equal(expected.Nics[0].RxInterrupts, actual.Nics[0].RxInterrupts);
            Assert.Equal(singles.PCpu(vm).Ledger.Picoseconds.ToArray(), trains.PCpu(vm).Ledger.Picoseconds.ToArray());
            Assert.Equal(singles.PCpu(vm).Counters.Exits, trains.PCpu(vm).Counters.Exits);
            Assert.True(expected.Counters.Delivered > 50);
        }
    }

    /// <summary>Keeps every train that any entity gets.</summary>
    private sealed class FrameLog(List<TracedEvent> seen) : IEventTrace
    {
        public bool Wants(EntityId target, long timePs) => true;

        public void Write(in TracedEvent e)
        {
            if (e.Message is Frames)
            {
                seen.Add(e);
            }
        }
    }
}
