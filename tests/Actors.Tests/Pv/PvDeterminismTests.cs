using CsCheck;
using IoScale.Actors.Entities;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using static IoScale.Actors.Tests.Pv.PvSystems;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests.Pv;

public sealed class PvDeterminismTests(Runs runs) : IClassFixture<Runs>
{
    private const int Iterations = 15;

    [Theory]
    [InlineData(NetbackExecution.Tasklet, EventChannelAbi.TwoLevel)]
    [InlineData(NetbackExecution.Kthread, EventChannelAbi.Fifo)]
    public void Threads_make_no_difference(NetbackExecution execution, EventChannelAbi abi) =>
        Outcomes.AssertSame(runs.Outcome(Mixed(execution, abi)), runs.Outcome(Mixed(execution, abi), threads: 4));

    [Fact]
    public void Any_system_keeps_its_laws_and_gives_the_same_on_any_number_of_threads_and_from_any_snapshot() => Gen.Int[0, 1_000_000].Sample(
        number =>
        {
            SystemSpec spec = RandomPv.Get(number);
            RunOutcome undisturbed = runs.Outcome(spec);
            Outcomes.AssertSame(undisturbed, runs.Outcome(spec, threads: 3));
            foreach (long at in RandomSystems.Cuts(spec, number).Where((_, i) => i % 5 == 2))
            {
                using SystemRun first = runs.Start(spec);
                first.RunUntil(at);
                first.Outcome().AssertLaws();
                using SystemRun second = runs.Restore(spec, first.Capture());
                second.RunUntil(spec.DurationPs);
                Outcomes.AssertSame(undisturbed, second.Outcome());
            }
        },
        iter: Iterations,
        threads: 1);

    [Fact]
    public void The_laws_notice_an_event_and_a_frame_of_netback_that_are_gone()
    {
        using SystemRun run = runs.Start(Receivers(PvHost(1, 1), Gbps, 3 * Ms, 1));
        run.RunUntil(3 * Ms);
        RunOutcome before = run.Outcome();
        before.AssertLaws();
        Assert.All(before.Laws, l => Assert.True(l.LeftValue > 0));
        run.VmOf(0).Guest.Counters.EventsTaken--;
        Assert.Equal("events", Assert.Single(run.Outcome().Laws, l => !l.Holds).Name);
        run.VmOf(0).Guest.Counters.EventsTaken++;
        ((NetbackShardActor)run.Simulation.Entity(run.Wiring.Hosts[0].Shards[0])).Current.Shard.Vif(0).Dropped++;
        Assert.Equal("frames", Assert.Single(run.Outcome().Laws, l => !l.Holds).Name);
    }

    [Fact]
    public void Both_layouts_of_event_channels_carry_the_same_events()
    {
        RunOutcome twoLevel = runs.Outcome(Mixed());
        RunOutcome fifo = runs.Outcome(Mixed(abi: EventChannelAbi.Fifo));
        Assert.Equal(
            twoLevel.Metrics.Where(m => m.Metric.Name.StartsWith("evtchn", StringComparison.Ordinal)).Select(m => m.Value),
            fifo.Metrics.Where(m => m.Metric.Name.StartsWith("evtchn", StringComparison.Ordinal)).Select(m => m.Value));
    }

    [Theory]
    [InlineData(NetbackExecution.Tasklet)]
    [InlineData(NetbackExecution.Kthread)]
    public void A_run_restored_in_the_middle_goes_on_as_if_nothing_had_happened(NetbackExecution execution)
    {
        SystemSpec spec = Mixed(execution);
        RunOutcome undisturbed = runs.Outcome(spec);
        foreach (long at in (long[])[1, 1_234_567_891, 4_100_000_003, 7_003_456_789])
        {
            using SystemRun first = runs.Start(spec);
            first.RunUntil(at);
            first.Outcome().AssertLaws();
            using SystemRun second = runs.Restore(spec, first.Capture(), threads: 2);
            second.RunUntil(spec.DurationPs);
            Outcomes.AssertSame(undisturbed, second.Outcome());
        }
    }
}
