using IoScale.Actors.Assembly;
using IoScale.Actors.Entities;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Traffic;
using IoScale.Protocol.Metrics;
using IoScale.VirtualTime;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests.Traffic;

/// <summary>What holds for every run holds for traffic that behaves: laws at any cut, threads, capture and restore.</summary>
public sealed class TrafficLawTests(Runs runs) : IClassFixture<Runs>
{
    public static TheoryData<string> Names => ["two sockets", "three hosts"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_law_holds_at_every_cut(string name)
    {
        SystemSpec spec = Named(name);
        using SystemRun run = runs.Start(spec);
        Random random = new(1);
        foreach (long cut in Enumerable.Range(0, 25).Select(_ => random.NextInt64(spec.DurationPs)).Order().Append(spec.DurationPs))
        {
            run.RunUntil(cut);
            run.Outcome().AssertLaws();
        }

        RunOutcome outcome = run.Outcome();
        Assert.True(outcome.Sum(MetricCatalogue.Transactions) > 100);
        Assert.True(outcome.Sum(MetricCatalogue.PacketsReceived) > 1000);
        Assert.True(outcome.Sum(MetricCatalogue.PacketsDropped) > 0);
        Assert.All(run.Wiring.Flows.Where(f => f.Partner < 0 && f.IsWatched), f => Assert.True(Progress(run, f), f.Spec.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_number_of_threads_changes_nothing(string name)
    {
        SystemSpec spec = Named(name);
        Outcomes.AssertSame(runs.Outcome(spec), runs.Outcome(spec, threads: 4));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_restored_in_the_middle_goes_on_as_if_nothing_had_happened(string name)
    {
        SystemSpec spec = Named(name);
        RunOutcome undisturbed = runs.Outcome(spec);
        foreach (long at in (long[])[100, 3_333_333_333, 9_876_543_210, 17_000_000_007])
        {
            using SystemRun first = runs.Start(spec);
            first.RunUntil(at);
            using SystemRun second = runs.Restore(spec, first.Capture(), threads: 2);
            second.RunUntil(spec.DurationPs);
            Outcomes.AssertSame(undisturbed, second.Outcome());
        }
    }

    private static bool Progress(SystemRun run, FlowWiring flow)
    {
        EntityActor sender = run.Simulation.Entity(flow.Sender);
        FlowSource[] sources = sender is VmActor vm ? vm.Current.Sources : ((TrafficActor)sender).Current.Sources;
        return sources.Where(s => s.Tcp is not null).All(s => s.Tcp is { Losses: > 0 } or { Window: > TcpSender.InitialWindow });
    }

    private static SystemSpec Named(string name) => name == "two sockets" ? Shaped(TwoSockets with { DurationPs = 25 * Ms }) : Shaped(Ring(3, 20 * Ms));

    /// <summary>The system with flows of every kind between its first two VMs, and between them and stations outside.</summary>
    private static SystemSpec Shaped(SystemSpec spec)
    {
        string a = spec.Vms[0].Name;
        string b = spec.Vms[1].Name;
        FlowSpec[] flows =
        [
            Behaving(Flow(a, 3_000_000_000, burst: 4) with { Name = "in", DistancePs = 300 * Us }, TransportKind.Tcp, 800),
            Behaving(Flow(a, 2_000_000_000) with { Name = "out", FromVm = a, ToVm = null, DistancePs = 20 * Us }, TransportKind.Tcp, 50),
            Behaving(Between(a, b, 900_000_000) with { Name = "across" }, TransportKind.Tcp, 30),
            Behaving(Flow(b, 1_000_000, 300) with { Name = "asked", DistancePs = 10 * Us }, TransportKind.RequestResponse, 3),
            Behaving(Flow(b, 1_000_000, 300) with { Name = "asks", FromVm = b, ToVm = null, DistancePs = 70 * Us }, TransportKind.RequestResponse, 2),
            Behaving(Between(b, a, 1_000_000, 64) with { Name = "asks-across" }, TransportKind.RequestResponse, 5),
            Flow(b, 3_000_000_000, burst: 200, arrival: ArrivalKind.OnOff) with { Name = "noise" },
        ];
        return spec with { Flows = flows };
    }

    private static FlowSpec Behaving(FlowSpec flow, TransportKind transport, int window) =>
        flow with { Transport = transport, Window = window, ResponseBytes = 900 };
}
