using IoScale.Hardware.Apic;
using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Iommu;
using IoScale.Hardware.Msi;
using IoScale.Hardware.Nics;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Scheduling;

namespace IoScale.Hardware.Tests;

/// <summary>What runs for every event must not allocate: an emulation handles millions of them a second.</summary>
public class AllocationTests
{
    private const long Ms = 1_000_000_000;

    [Fact]
    public void An_interrupt_s_way_through_apic_msix_and_iommu_allocates_nothing()
    {
        var apic = new LocalApic();
        var table = new MsixTable(64);
        var iommu = new InterruptRemapping(256, true, true);
        iommu.Write(9, Irte.Remapped(0x41, 1, false, 0x380));
        table.SetEnabled(true);
        table.WriteMessage(5, MsiMessage.From(new RemappableFields(9, false, 0)));
        AllocatesNothing(i =>
        {
            table.SetMask(5, i % 2 == 0);
            if (table.Signal(5, out MsiMessage message) == SignalResult.Sent || table.TryDeliver(out _, out message))
            {
                apic.Accept(iommu.Remap(0x380, message).Vector);
                apic.Dispatch();
                apic.Eoi();
            }
        });
    }

    [Fact]
    public void A_train_s_way_through_ring_coalescer_ledger_and_histogram_allocates_nothing()
    {
        CostProfile costs = CostProfiles.Get("nehalem-2009");
        var ring = new RxRing(64);
        ring.Bump(0, 64);
        var driver = new TrainQueue();
        var ledger = new CycleLedger(0);
        var histogram = new LatencyHistogram(2);
        Coalescer[] coalescers =
        [
            .. Enum.GetValues<CoalescingPolicy>().Select(p => new Coalescer(new CoalescingSpec(p, 2_000, 120, 64, 1_000), NicModels.Get("82599"), 512)),
        ];
        AllocatesNothing(i =>
        {
            long now = i * Ms;
            ring.Offer(new FrameTrain(now, 10, 32, 1518, 1));
            while (ring.TryAccept(now, out FrameTrain piece))
            {
                driver.Enqueue(piece);
            }

            while (driver.TryTake(now + 500, 64, out FrameTrain frames))
            {
                ring.Bump(now + 500, frames.Count);
                histogram.Record(1_000_000 + i, frames.Count);
            }

            ledger.Charge(CpuCategory.Guest, now + costs.Ps(CostName.RxPacket));
            foreach (Coalescer coalescer in coalescers)
            {
                coalescer.OnInterrupt(coalescer.NextAllowedPs(now), 32, 32 * 1518);
            }
        });
    }

    [Fact]
    public void Scheduling_allocates_nothing()
    {
        var queue = new CreditRunQueue(0, new SchedulerSpec(30 * Ms, 10 * Ms, 0, true, true));
        for (int id = 0; id < 8; id++)
        {
            queue.Insert(new RunUnit(id, 256, RunUnit.AnyPCpu) { Runnable = id > 0 });
        }

        AllocatesNothing(i =>
        {
            long now = i * 5 * Ms;
            if (queue.Current == 0)
            {
                queue.Block(now);
            }

            queue.Wake(0);
            queue.Tick(now);
            queue.Schedule(now);
        });
    }

    private static void AllocatesNothing(Action<long> step)
    {
        for (long i = 0; i < 500; i++)
        {
            step(i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long i = 500; i < 2_000; i++)
        {
            step(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
