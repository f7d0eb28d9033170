using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;
using static IoScale.Actors.Tests.Pv.PvSystems;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests.Pv;

public sealed class NotificationTests(Runs runs) : IClassFixture<Runs>
{
    private const long Duration = 50 * Ms;

    /// <summary>Two guests of 0.8 Gb/s, the last 40 ms measured.</summary>
    private static readonly SystemSpec Pair = Receivers(PvHost(1, 2), 1_600_000_000, Duration, 1, 2);

    [Fact]
    public void Without_control_each_guest_is_notified_at_the_nic_s_interrupt_rate()
    {
        RunOutcome outcome = runs.Outcome(Pair);
        double nic = outcome.Sum(MetricCatalogue.Interrupts, "vm=dom0");
        Assert.InRange(nic, 300, 330);
        Assert.InRange(outcome.Sum(MetricCatalogue.EvtchnNotifications), 1.8 * nic, 2.2 * nic);
    }

    [Theory]
    [InlineData(NotificationPolicy.NetbackRate)]
    [InlineData(NotificationPolicy.NetfrontPoll)]
    public void A_thousand_notifications_a_second_suffice_for_the_same_frames(NotificationPolicy policy)
    {
        RunOutcome every = runs.Outcome(Pair);
        RunOutcome limited = runs.Outcome(Pair.With(v => v.Notified(policy, 1000)));
        Assert.InRange(limited.Sum(MetricCatalogue.PacketsReceived) / every.Sum(MetricCatalogue.PacketsReceived), 0.98, 1.02);
        Assert.Equal(0, limited.Sum(MetricCatalogue.PacketsDropped));
        bool polls = policy == NotificationPolicy.NetfrontPoll;
        Assert.InRange(limited.Sum(MetricCatalogue.EvtchnNotifications), polls ? 0 : 76, polls ? 2 : 82);
        Assert.InRange(limited.Sum(MetricCatalogue.NetfrontPolls), polls ? 76 : 0, polls ? 82 : 0);
        Assert.True(
            limited.Sum(MetricCatalogue.CpuUtilizationCores, "category=event-channel")
            < 0.5 * every.Sum(MetricCatalogue.CpuUtilizationCores, "category=event-channel"));
    }

    [Fact]
    public void A_policy_changes_under_way_and_no_frame_stays_behind()
    {
        SystemSpec spec = Pair with
        {
            WarmUpPs = 0,
            Flows = [.. Pair.Flows.Select(f => f with { StopPs = 45 * Ms })],
            Timeline =
            [
                new SetNotificationStep(10 * Ms, "vm0", new(NotificationPolicy.NetfrontPoll, 1000)),
                new SetNotificationStep(20 * Ms, "vm0", new(NotificationPolicy.NetbackRate, 2000)),
                new SetNotificationStep(30 * Ms, "vm0", Every),
            ],
        };
        RunOutcome outcome = runs.Outcome(spec);
        double notified = outcome.Sum(MetricCatalogue.EvtchnNotifications, "vm=vm0");
        Assert.InRange(notified, 200, 250);
        Assert.InRange(outcome.Sum(MetricCatalogue.NetfrontPolls, "vm=vm0"), 9, 11);
        Assert.True(outcome.Sum(MetricCatalogue.EvtchnNotifications, "vm=vm1") > 340);
        Assert.Equal(outcome.Sum(MetricCatalogue.PacketsSent), outcome.Sum(MetricCatalogue.PacketsReceived));
    }

    [Fact]
    public void Polling_stops_when_nothing_comes_and_the_next_frame_is_notified()
    {
        SystemSpec spec = Pair.With(v => v.Notified(NotificationPolicy.NetfrontPoll, 1000)) with
        {
            DurationPs = 500 * Ms,
            WarmUpPs = 0,
            Flows = [Flow("vm0", 100_000_000) with { StopPs = 20 * Ms }, Flow("vm0", 100_000_000) with { Name = "late", StartPs = 400 * Ms, StopPs = 410 * Ms }],
        };
        RunOutcome outcome = runs.Outcome(spec);
        Assert.Equal(2, outcome.Sum(MetricCatalogue.EvtchnNotifications, "vm=vm0"));

        // Windows of 100 looks: one with traffic, one without; then again, cut off by the end.
        Assert.InRange(outcome.Sum(MetricCatalogue.NetfrontPolls, "vm=vm0"), 298, 301);
        Assert.Equal(outcome.Sum(MetricCatalogue.PacketsSent), outcome.Sum(MetricCatalogue.PacketsReceived));
    }

    [Fact]
    public void A_guest_at_work_is_not_notified()
    {
        RunOutcome idle = runs.Outcome(Pair);
        RunOutcome busy = runs.Outcome(Pair.With(v => v with { ApplicationCycles = 38_000 }));
        Assert.True(busy.Sum(MetricCatalogue.PacketsReceived) > 0.8 * idle.Sum(MetricCatalogue.PacketsReceived));
        Assert.True(busy.Sum(MetricCatalogue.EvtchnNotifications) < 0.1 * idle.Sum(MetricCatalogue.EvtchnNotifications));
    }

    [Fact]
    public void Every_notification_is_an_upcall_or_merges_with_one()
    {
        // The guest shares its pCPU with one that computes, so that events find it waiting.
        SystemSpec spec = Of(
            PvHost(1, 2),
            100 * Ms,
            [PvVm("a", 1, 1), PvVm("hog", 2, 1) with { Busy = true }],
            [Flow("a", 50_000_000, 200), Between("a", "out", 200_000_000, 200, 3) with { ToVm = null }]);
        RunOutcome outcome = runs.Outcome(spec with { Hosts = [spec.Hosts[0] with { Scheduler = Scheduler with { Boost = false, SlicePs = 10 * Ms } }] });
        double merged = outcome.Sum(MetricCatalogue.EvtchnMerged, "vm=a");
        double upcalls = outcome.Sum(MetricCatalogue.Interrupts, "vm=a");
        Assert.True(merged > 0);
        Assert.InRange(outcome.Sum(MetricCatalogue.EvtchnNotifications, "vm=a") - merged - upcalls, 0, 1);
    }

    [Fact]
    public void Paravirtual_guests_do_not_exit_and_others_do_for_the_ipi_alone()
    {
        RunOutcome pv = runs.Outcome(Pair);
        Assert.Equal(0, pv.Sum(MetricCatalogue.Exits));
        RunOutcome hvm = runs.Outcome(Pair.With(v => v with { Virtualization = VirtualizationKind.Hvm, Busy = true }));
        Assert.Equal(0, hvm.Sum(MetricCatalogue.Exits, "reason=eoi"));
        double notified = hvm.Sum(MetricCatalogue.EvtchnNotifications);
        Assert.InRange(hvm.Sum(MetricCatalogue.Exits, "reason=ipi"), 0.97 * notified, 1.03 * notified);
        Assert.True(hvm.Sum(MetricCatalogue.Exits, "pcpu=0") == 0);
    }
}
