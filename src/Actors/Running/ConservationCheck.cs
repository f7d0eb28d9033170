using IoScale.Actors.Assembly;
using IoScale.Actors.Entities;
using IoScale.Hardware.Guest;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Pv;
using IoScale.Hardware.Vectors;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;

namespace IoScale.Actors.Running;

/// <summary>
/// What must be true at any border of any run: no frame and no interrupt is made or lost unseen, and every picosecond of every pCPU is in the
/// ledger once. The sides are counted in different places, so that a mistake in one shows.
/// </summary>
internal sealed class ConservationCheck(SystemAssembly assembly, Simulation simulation)
{
    private long _framesInFlight;
    private long _interruptsInFlight;

    private long _framesSent;
    private long _framesDelivered;
    private long _framesOutside;
    private long _framesDropped;
    private long _framesHeld;

    private long _raised;
    private long _serviced;
    private long _merged;
    private long _blocked;
    private long _pending;

    private bool _hasEvents;
    private long _eventsSent;
    private long _eventsArrived;

    private long _ledgerPs;
    private long _elapsedPs;

    private long _vectorsInTables;
    private long _vectorsKnown;
    private bool _vectorsSettled = true;

    public List<ConservationLaw> Laws()
    {
        simulation.ForEachPending(Count);
        for (int i = 0; i < assembly.Topology.Entities.Count; i++)
        {
            Count(simulation.Entity(new EntityId(i)));
        }

        foreach (HostWiring host in assembly.Wiring.Hosts)
        {
            CountVectors(host);
        }

        List<ConservationLaw> laws =
        [
            new("frames", "sent", _framesSent, "delivered + sent outside + dropped + waiting + in flight", _framesDelivered + _framesOutside + _framesDropped + _framesHeld + _framesInFlight),
            new("interrupts", "raised", _raised, "serviced + merged + blocked + pending", _serviced + _merged + _blocked + _pending + _interruptsInFlight),
            new("cycles", "ledgers of all pCPUs (ps)", _ledgerPs, "time elapsed on all pCPUs (ps)", _elapsedPs),
        ];
        if (_hasEvents)
        {
            laws.Add(new("events", "sent to event channels", _eventsSent, "taken + merged + pending + in flight", _eventsArrived));
        }

        if (_vectorsSettled)
        {
            laws.Add(new("vectors", "in the pCPUs' tables", _vectorsInTables, "known to the hypervisors", _vectorsKnown));
        }

        return laws;
    }

    private void Count(PendingEvent pending)
    {
        _framesInFlight += pending.Message is ICarriesFrames frames ? frames.Count : 0;
        _interruptsInFlight += pending.Message is ICarriesInterrupt ? 1 : 0;
        _eventsArrived += pending.Message is VifEvent ? 1 : 0;
        _vectorsSettled &= pending.Message is not (AskVector or VectorAnswer);
    }

    private void Count(EntityActor entity)
    {
        switch (entity)
        {
            case TrafficActor wire:
                _framesSent += wire.Current.Sent;
                _framesDropped += wire.Current.Dropped.Values.Sum();
                break;
            case NicPortActor port:
                _framesOutside += port.Current.SentOutside;
                Count(port.Current.Pf);
                _serviced += port.Current.PfInterruptsServiced;
                break;
            case VfActor vf:
                _framesDropped += vf.Current.NoDriverDrops + vf.Current.ResetDrops;
                Count(vf.Current.Interrupts);
                break;
            case IommuActor iommu:
                _blocked += iommu.Current.Faults.Sum() + iommu.Current.Misdirected;
                break;
            case VmActor vm:
                Count(vm.Current);
                break;
            case NetbackShardActor netback:
                Count(netback.Current.Shard);
                break;
            case PCpuActor pcpu:
                Count(pcpu.Current);
                break;
            default:
                break;
        }
    }

    private void Count(NetbackShard shard)
    {
        _eventsSent += shard.EventsSent;
        _framesHeld += shard.HeldFrames();
        _framesDropped += shard.DroppedFrames();
    }

    private void Count(InterruptSource source)
    {
        _raised += source.RaisedTotal;
        _merged += source.Merged;
        _blocked += source.Lost;
        _pending += source.Table.PendingCount;
    }

    private void Count(VmState vm)
    {
        GuestMachine guest = vm.Guest;
        _framesSent += vm.Sent;
        _framesDelivered += guest.Counters.Delivered;
        _framesHeld += guest.HeldFrames();
        foreach (GuestNic nic in guest.Nics)
        {
            _framesDropped += nic.Ring.Dropped + nic.TxRingFullDrops + nic.SocketDrops;
        }

        _hasEvents |= guest.Events is not null;
        _eventsSent += guest.Counters.EventsSent;
        _eventsArrived += guest.Counters.EventsTaken + guest.Counters.EventsMerged + guest.PendingEvents();
        _serviced += guest.Counters.Serviced;
        _merged += guest.Counters.MergedAtVcpu + guest.Counters.MergedOnTheWay;
        _blocked += vm.StrayInterrupts;
        _pending += guest.PendingInterrupts();
    }

    private void Count(PCpuState pcpu)
    {
        _merged += pcpu.Counters.Merged;
        _blocked += pcpu.Counters.Unhandled;
        for (int vector = 0; vector < 256; vector++)
        {
            if (pcpu.IsDeviceVector(vector))
            {
                _pending += (pcpu.Apic.IsRequested(vector) ? 1 : 0) + (pcpu.Apic.IsInService(vector) ? 1 : 0);
            }
        }

        bool working = pcpu.Mode is PCpuMode.Root or PCpuMode.Offline;
        _pending += working && CarriesInterrupt(pcpu.Work) && pcpu.WorkUnderWay ? 1 : 0;
        foreach (RootWork work in pcpu.Waiting)
        {
            _pending += CarriesInterrupt(work) ? 1 : 0;
        }

        foreach (long ps in pcpu.Ledger.Picoseconds)
        {
            _ledgerPs += ps;
        }

        _ledgerPs += simulation.Now - pcpu.Ledger.CursorPs;
        _elapsedPs += simulation.Now;
    }

    private static bool CarriesInterrupt(in RootWork work) => work.Kind is RootWorkKind.HostHandler or RootWorkKind.Forward;

    /// <summary>What an offline pCPU's table holds is forgotten when it comes back.</summary>
    private void CountVectors(HostWiring host)
    {
        HypervisorVectors vectors = ((HypervisorActor)simulation.Entity(host.Hypervisor)).Current.Vectors;
        CpuMask online = vectors.OnlineCpus;
        _vectorsSettled &= vectors.IsIdle;
        foreach (int pcpu in online)
        {
            _vectorsInTables += ((PCpuActor)simulation.Entity(host.PCpus[pcpu])).Current.Vectors.Used;
        }

        for (int irq = 0; irq < vectors.IrqLimit; irq++)
        {
            if (vectors.Descriptor(irq) is { } descriptor)
            {
                _vectorsKnown += descriptor.Cpus.And(online).Count + descriptor.OldCpus.And(online).Count;
            }
        }
    }
}
