using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;
using static IoScale.Actors.Tests.Pv.PvSystems;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests.Pv;

public sealed class ShardTests(Runs runs) : IClassFixture<Runs>
{
    private const long Duration = 15 * Ms;

    [Fact]
    public void One_shard_saturates_one_core_of_dom0_whatever_the_number_of_guests()
    {
        foreach (int vms in (int[])[4, 8])
        {
            RunOutcome outcome = Run(ShardAssignment.Single, 1, [.. Enumerable.Range(1, vms)], queues: 1);
            Assert.InRange(Throughput(outcome), 3.0, 4.5);
            Assert.InRange(outcome.Sum(MetricCatalogue.PCpuBusy, "pcpu=0"), 0.999, 1);
            Assert.InRange(outcome.Sum(MetricCatalogue.PCpuBusy, "pcpu=1"), 0, 0.01);
        }
    }

    [Fact]
    public void Shards_by_domain_id_help_unless_the_ids_fall_together()
    {
        int[] spread = [1, 2, 3, 4, 5, 6, 7, 8];
        int[] skewed = [4, 8, 12, 16, 20, 24, 28, 32];
        double single = Throughput(Run(ShardAssignment.Single, 1, spread, queues: 4));
        double domidSkewed = Throughput(Run(ShardAssignment.Domid, 4, skewed));
        RunOutcome domid = Run(ShardAssignment.Domid, 4, spread);
        RunOutcome leastLoaded = Run(ShardAssignment.LeastLoaded, 4, skewed);
        Assert.InRange(domidSkewed / single, 0.95, 1.05);
        Assert.True(Throughput(domid) > 2.3 * domidSkewed);
        Assert.InRange(Throughput(leastLoaded) / Throughput(domid), 0.95, 1.05);
        Assert.Equal(2, leastLoaded.Sum(MetricCatalogue.NetbackVifs, "shard=3"));
        Assert.Equal(domid.Sum(MetricCatalogue.NetbackFrames), Received(domid), tolerance: 2000);
        Assert.All(Enumerable.Range(0, 4), s => Assert.True(domid.Sum(MetricCatalogue.NetbackBusy, $"shard={s}") > 0.3));
    }

    [Fact]
    public void A_thread_for_each_vif_shares_dom0_s_processes_cpu_and_a_tasklet_does_not()
    {
        RunOutcome tasklet = Busy(NetbackExecution.Tasklet);
        RunOutcome thread = Busy(NetbackExecution.Kthread);
        Assert.InRange(tasklet.Sum(MetricCatalogue.NetbackBusy), 0.5, 0.6);
        Assert.True(thread.Sum(MetricCatalogue.NetbackBusy) < 0.8 * tasklet.Sum(MetricCatalogue.NetbackBusy));
        Assert.True(Received(thread) < 0.9 * Received(tasklet));
    }

    [Fact]
    public void A_guest_that_cannot_keep_up_loses_frames_behind_the_bridge()
    {
        SystemSpec spec = Receivers(PvHost(1, 1), Gbps, Duration, 1).With(v => v with { ApplicationCycles = 90_000 });
        RunOutcome outcome = runs.Outcome(spec);
        double dropped = outcome.Sum(MetricCatalogue.PacketsDropped, "where=netback", "reason=queue-full");
        Assert.InRange(Received(outcome), 300, 400);
        Assert.True(dropped > 400);
        Assert.Equal(dropped, outcome.Sum(MetricCatalogue.PacketsDroppedVm, "vm=vm0"));
    }

    [Fact]
    public void What_dom0_s_nic_loses_is_counted_for_the_guest_it_was_for()
    {
        SystemSpec spec = Receivers(PvHost(1, 2), 9 * Gbps, Duration, 1, 2);
        RunOutcome outcome = runs.Outcome(spec with { Flows = [Flow("vm0", 8 * Gbps), Flow("vm1", Gbps)] });
        double lost = outcome.Sum(MetricCatalogue.PacketsDropped, "where=dom0", "reason=no-descriptor");
        double behind = outcome.Sum(MetricCatalogue.PacketsDropped, "where=netback");
        Assert.True(lost > 3000);
        Assert.Equal(lost + behind, outcome.Sum(MetricCatalogue.PacketsDroppedVm));
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsDroppedVm, "vm=vm0") / (lost + behind), 0.8, 0.99);
    }

    [Fact]
    public void Guests_of_one_bridge_talk_without_the_wire()
    {
        HostSpec host = PvHost(1, 2);
        SystemSpec spec = Of(host, Duration, [PvVm("a", 1, 1), PvVm("b", 2, 2)], [Between("a", "b", Gbps)]);
        RunOutcome outcome = runs.Outcome(spec);
        Assert.Equal(0, outcome.Sum(MetricCatalogue.WireUtilization));
        Assert.Equal(outcome.Sum(MetricCatalogue.PacketsTransmitted, "vm=a"), outcome.Sum(MetricCatalogue.PacketsReceived, "vm=b"), tolerance: 60);
        Assert.InRange(Received(outcome), 1150, 1240);

        // Both directions of netback for every frame.
        Assert.Equal(2 * Received(outcome), outcome.Sum(MetricCatalogue.NetbackFrames), tolerance: 120);
    }

    [Fact]
    public void What_a_guest_sends_leaves_by_dom0_s_queue_and_frees_its_ring()
    {
        SystemSpec spec = Of(
            PvHost(1, 1), Duration, [PvVm("a", 1, 1)], [Between("a", "out", Gbps, burst: 20) with { ToVm = null }]);
        RunOutcome outcome = runs.Outcome(spec);
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsTransmitted), 1200, 1240);
        Assert.Equal(0, outcome.Sum(MetricCatalogue.PacketsDropped));
        Assert.InRange(outcome.Sum(MetricCatalogue.NetbackFrames), 1150, 1240);
        Assert.True(outcome.Sum(MetricCatalogue.Interrupts, "device=nic0.p0.q0") > 20);
    }

    [Fact]
    public void The_device_model_in_dom0_masks_at_dom0_s_cost()
    {
        HostSpec host = Host(2, Nic(1, 4000)) with
        {
            Dom0 = new Dom0Spec("dom0", 0, [0], [0], 256, 1, Busy: false),
            MsixMask = MsixMaskOwner.Dom0,
        };
        SystemSpec spec = Of(host, Duration, [Vm("vm", 0, 1)], [Flow("vm", Gbps)]);
        RunOutcome without = runs.Outcome(spec);
        RunOutcome with = runs.Outcome(spec.With(v => v with { MaskPerInterrupt = true }));
        double interrupts = with.Sum(MetricCatalogue.Interrupts);
        Assert.Equal(0, without.Sum(MetricCatalogue.CpuUtilizationCores, "category=dom0-other"), 0.002);
        double expected = 2 * interrupts * Costs.Ps(Hardware.Costs.CostName.MsixMaskDom0) / Duration;
        Assert.InRange(with.Sum(MetricCatalogue.CpuUtilizationCores, "category=dom0-other"), 0.95 * expected, 1.05 * expected);
    }

    private static double Throughput(RunOutcome outcome) => outcome.Sum(MetricCatalogue.Throughput) / Gbps;

    private static double Received(RunOutcome outcome) => outcome.Sum(MetricCatalogue.PacketsReceived);

    private RunOutcome Run(ShardAssignment assignment, int shards, int[] domids, int queues = 4) =>
        runs.Outcome(Receivers(PvHost(4, domids.Length, assignment, shards, queues), 9 * Gbps, Duration, domids));

    private RunOutcome Busy(NetbackExecution execution)
    {
        HostSpec host = PvHost(1, 4, ShardAssignment.PerVifThread, 4);
        host = host with { Dom0 = host.Dom0! with { Busy = true }, Netback = host.Netback with { Execution = execution } };
        return runs.Outcome(Receivers(host, 5 * Gbps, Duration, 1, 2, 3, 4));
    }
}
