using CsCheck;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;
using IoScale.Protocol.Metrics;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

public sealed class VectorTests(Runs runs) : IClassFixture<Runs>
{
    [Theory]
    [InlineData(VectorAllocatorKind.SlideGlobal, DestinationMode.Physical, 191, 193)]
    [InlineData(VectorAllocatorKind.Xen2009Global, DestinationMode.Physical, 190, 194)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Physical, 384, 0)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu, DestinationMode.Flat, 189, 195)]
    [InlineData(VectorAllocatorKind.Xen, DestinationMode.Physical, 384, 0)]
    [InlineData(VectorAllocatorKind.Linux, DestinationMode.Physical, 384, 0)]
    public void A_niantic_on_four_pcpus(VectorAllocatorKind allocator, DestinationMode destination, int assigned, int refused)
    {
        NicSpec nic = Nic(0) with { VfsPerPort = [63, 63] };
        RunOutcome outcome = runs.Outcome(Of(Host(4, nic) with { Allocator = allocator, Destination = destination }, Ms, [], []));
        Assert.Equal(assigned, outcome.Sum(MetricCatalogue.VectorsAssigned));
        Assert.Equal(refused, outcome.Sum(MetricCatalogue.VectorsRefused));
        Assert.Equal(refused, outcome.Refusals.Count);
        Assert.Equal(128 - ((refused + 2) / 3), outcome.Sum(MetricCatalogue.FunctionsUp));
        if (refused > 0)
        {
            VectorRefusal first = outcome.Refusals[0];
            Assert.Equal(("h0", assigned), (first.Host, first.Assigned));

            // The PF, then the VFs of the port, three vectors each.
            Assert.Equal(($"nic0.p0.vf{(assigned / 3) - 1}", assigned % 3), (first.Function, first.Vector));
        }
    }

    [Fact]
    public void One_vector_number_serves_different_irqs_on_two_pcpus()
    {
        RunOutcome outcome = runs.Outcome(Of(Host(2, Nic(40)) with { Allocator = VectorAllocatorKind.Linux }, Ms, [], []));
        Assert.True(outcome.Sum(MetricCatalogue.VectorNumbersShared) > 0);
        SharedVector shared = outcome.SharedVectors[0];
        Assert.NotEqual(shared.PCpuA, shared.PCpuB);
        Assert.NotEqual(shared.IrqA, shared.IrqB);
        Assert.NotEqual(shared.OwnerA, shared.OwnerB);
    }

    [Fact]
    public void A_run_gives_what_the_synchronous_allocator_gives_on_any_host() => Gen.Int[0, 1_000_000].Sample(
        number =>
        {
            Random random = new(number);
            HostSpec host = Host(random.Next(1, 5), [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => Nic(random.Next(1, 63), name: $"nic{i}"))]) with
            {
                Allocator = (VectorAllocatorKind)random.Next(6),
                Destination = (DestinationMode)random.Next(3),
                PlatformVectors = random.Next(20),
            };
            host = random.Next(2) == 0 ? host with { Sockets = host.PCpus } : host;
            VectorAllocator check = VectorAllocator.Online(host.Allocator, host.Destination, host.PCpus);
            int[] expected = new int[host.PCpus];
            int irq = VectorBoot.FirstIrq;
            int refused = 0;
            void Ask(int socket)
            {
                VectorBoot.Ask(check.Host, host, irq, socket);
                VectorOutcome answer = check.Run();
                if (answer.Rc == VectorErrors.Ok)
                {
                    expected[answer.Cpus.First]++;
                }
                else
                {
                    check.Free(irq);
                    refused++;
                }

                irq++;
            }

            for (int i = 0; i < host.PlatformVectors; i++)
            {
                Ask(0);
            }

            foreach (HostFunction function in FunctionList.Of(host))
            {
                for (int i = 0; i < function.Vectors; i++)
                {
                    Ask(host.Nics[function.Nic].Socket);
                }
            }

            RunOutcome outcome = runs.Outcome(Of(host, 5 * Ms, [], []));
            for (int pcpu = 0; pcpu < host.PCpus; pcpu++)
            {
                Assert.Equal(expected[pcpu], outcome.Sum(MetricCatalogue.VectorsAssigned, $"pcpu={pcpu}"));
            }

            Assert.Equal(refused, outcome.Sum(MetricCatalogue.VectorsRefused));
        },
        iter: 30,
        threads: 1);

    [Theory]
    [InlineData(63, 1)]
    [InlineData(20, 0)]
    public void Linux_refuses_to_take_a_pcpu_offline_for_whose_vectors_there_is_no_room(int vfs, int refused)
    {
        NicSpec nic = Nic(0) with { VfsPerPort = [vfs, vfs] };
        SystemSpec spec = Of(
            Host(2, nic) with { Allocator = VectorAllocatorKind.Linux }, 5 * Ms, [], [], new OfflinePCpuStep(Ms, "h0", 1));
        RunOutcome outcome = runs.Outcome(spec);
        Assert.Equal(refused, outcome.Sum(MetricCatalogue.OfflineRefused));
        Assert.Equal(refused, outcome.Notes.Count(n => n.Contains("no room", StringComparison.Ordinal)));
        Assert.Equal((2 * vfs * 3) + 6, outcome.Sum(MetricCatalogue.VectorsAssigned));
        Assert.Equal(refused == 1, outcome.Sum(MetricCatalogue.VectorsAssigned, "pcpu=1") > 0);
    }

    [Fact]
    public void Two_resets_at_one_time_are_one()
    {
        VfRef vf = new("h0", "nic0", 0, 0);
        SystemSpec spec = Of(Host(1, Nic(1)), 40 * Ms, [Vm("vm", 0, 0)], [], new ResetDeviceStep(8 * Ms, vf), new ResetDeviceStep(8 * Ms, vf));
        RunOutcome outcome = runs.Outcome(spec);
        Assert.Equal(6, outcome.Sum(MetricCatalogue.VectorsAssigned));
        Assert.Equal(2, outcome.Sum(MetricCatalogue.FunctionsUp));
    }

    [Fact]
    public void Platform_devices_take_vectors_first_and_are_refused_like_others()
    {
        HostSpec host = Host(2, Nic(1)) with { Allocator = VectorAllocatorKind.SlideGlobal, PlatformVectors = 200 };
        RunOutcome outcome = runs.Outcome(Of(host, 5 * Ms, [], []));
        Assert.Equal(191, outcome.Sum(MetricCatalogue.VectorsAssigned));
        Assert.Equal(15, outcome.Sum(MetricCatalogue.VectorsRefused));
        Assert.Equal(("platform", 191), (outcome.Refusals[0].Function, outcome.Refusals[0].Assigned));
    }

    [Fact]
    public void A_full_remapping_table_refuses_in_the_order_of_the_requests()
    {
        HostSpec host = Host(2, Nic(62)) with { Allocator = VectorAllocatorKind.SlideGlobal, Iommu = new IommuSpec(true, 189) };
        RunOutcome outcome = runs.Outcome(Of(host, 5 * Ms, [], []));
        Assert.Equal(189, outcome.Sum(MetricCatalogue.VectorsAssigned));
        Assert.Empty(outcome.Refusals);
        host = host with { Iommu = new IommuSpec(true, 100) };
        outcome = runs.Outcome(Of(host, 5 * Ms, [], []));
        Assert.Equal(100, outcome.Sum(MetricCatalogue.VectorsAssigned));
        Assert.Equal(("nic0.p0.vf32", 1), (outcome.Refusals[0].Function, outcome.Refusals[0].Vector));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(10)]
    [InlineData(3)]
    public void Fifty_resets_leak_nothing(int apartMs)
    {
        VfRef vf = new("h0", "nic0", 0, 1);
        SystemSpec spec = Of(
            Host(2, Nic(2)),
            (60 * apartMs * Ms) + (20 * Ms),
            [Vm("other", 0, 0), Vm("reset", 1, 1)],
            [Flow("reset", 5_000_000)],
            [.. Enumerable.Range(1, 50).Select(i => new ResetDeviceStep(i * apartMs * Ms, vf))]);
        using SystemRun run = runs.Start(spec);
        run.RunUntil(Ms);
        RunOutcome before = run.Outcome();
        int used = run.PCpus().Sum(p => p.Vectors.Used);
        int entries = run.Hypervisor().IrteFree[0].Allocated;
        run.RunUntil(spec.DurationPs);
        RunOutcome after = run.Outcome();
        after.AssertLaws();
        Assert.Equal(9, before.Sum(MetricCatalogue.VectorsAssigned));
        Assert.Equal(9, after.Sum(MetricCatalogue.VectorsAssigned));
        Assert.Equal(9, run.Hypervisor().Assigned);
        Assert.Equal(used, run.PCpus().Sum(p => p.Vectors.Used));
        Assert.Equal(entries, run.Hypervisor().IrteFree[0].Allocated);
        Assert.Equal(3, after.Sum(MetricCatalogue.FunctionsUp));
        Assert.Equal(apartMs > 10 ? 50 : 1, run.Vf("nic0.p0.vf1").Resets);
    }

    [Theory]
    [InlineData(VectorAllocatorKind.Linux)]
    [InlineData(VectorAllocatorKind.Xen)]
    [InlineData(VectorAllocatorKind.Xen2009PerCpu)]
    public void An_old_vector_is_held_until_the_first_interrupt_on_the_new_pcpu(VectorAllocatorKind allocator)
    {
        // A frame each at 2, 4, 6 ms: the first moves the irq, the second is the first on the new pCPU.
        FlowSpec flow = Flow("vm", 1518 * 8 * 500) with { StartPs = 0, StopPs = 7 * Ms };
        SystemSpec spec = Of(
            Host(2, Nic(1)) with { Allocator = allocator, Delivery = DeliveryMode.Static },
            9 * Ms,
            [Vm("vm", 0, 0)],
            [flow],
            new SetAffinityStep(100 * Us, new VfRef("h0", "nic0", 0, 0), 0, [1]));
        using SystemRun run = runs.Start(spec);
        List<(IrqMoveState State, int Old, int New)> seen = [];
        IrqDescriptor Irq() => run.Hypervisor().Vectors.Descriptor(VectorBoot.FirstIrq + 3)!;
        for (long at = 200 * Us; at < spec.DurationPs; at += 50 * Us)
        {
            run.RunUntil(at);
            (IrqMoveState State, int Old, int New) now = (
                Irq().MoveState, run.PCpu(0).Vectors.HeldBy(VectorBoot.FirstIrq + 3), run.PCpu(1).Vectors.HeldBy(VectorBoot.FirstIrq + 3));
            if (seen.Count == 0 || seen[^1] != now)
            {
                seen.Add(now);
            }
        }

        int first = allocator == VectorAllocatorKind.Linux && seen[0].New == 1 ? 0 : 1;
        Assert.Equal(
            first == 0 ? [(IrqMoveState.Pending, 0, 1), (IrqMoveState.Idle, 0, 1)] : [(IrqMoveState.Pending, 1, 0), (IrqMoveState.Moving, 1, 1), (IrqMoveState.Idle, 0, 1)],
            seen);
        Assert.InRange(run.Outcome().Sum(MetricCatalogue.PacketsReceived), 3, 4);
    }

    [Fact]
    public void A_device_that_falls_silent_holds_two_vectors()
    {
        FlowSpec flow = Flow("vm", 1518 * 8 * 500) with { StopPs = 2 * Ms };
        SystemSpec spec = Of(
            Host(2, Nic(1)) with { Delivery = DeliveryMode.Static }, 100 * Ms, [Vm("vm", 0, 0)], [flow],
            new SetAffinityStep(20 * Us, new VfRef("h0", "nic0", 0, 0), 0, [1]));
        RunOutcome outcome = runs.Outcome(spec);
        Assert.Equal(1, outcome.Sum(MetricCatalogue.VectorsMoving, "pcpu=0"));
        Assert.Equal(1, outcome.Sum(MetricCatalogue.VectorsAssigned, "pcpu=1"));
        Assert.Equal(0, outcome.Sum(MetricCatalogue.IrqMoves));
        Assert.Equal(1, outcome.Sum(MetricCatalogue.PacketsReceived));
    }

    [Fact]
    public void A_global_table_gives_its_lowest_vector_to_a_device_like_any_other()
    {
        HostSpec host = Host(1, Nic(1) with { VectorsPerPf = 0 }) with { Allocator = VectorAllocatorKind.Xen2009Global };
        using SystemRun run = runs.Start(Of(host, 2 * Ms, [Vm("vm", 0, 0)], [Flow("vm", 100_000_000)]));
        run.RunUntil(2 * Ms);
        Assert.Equal(VectorBoot.FirstIrq, run.PCpu(0).Vectors.Owner(0x20));
        run.Outcome().AssertLaws();
        Assert.InRange(run.Outcome().Sum(MetricCatalogue.PacketsReceived), 15, 17);
    }
}
