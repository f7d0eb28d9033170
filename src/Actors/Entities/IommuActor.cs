using IoScale.Actors.Assembly;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Guest;
using IoScale.Hardware.Iommu;
using IoScale.Hardware.Msi;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>State of a socket's IOMMU.</summary>
[MemoryPackable]
public sealed partial class IommuState
{
    public InterruptRemapping Table { get; set; } = null!;

    /// <summary>Requests blocked, by fault code.</summary>
    public long[] Faults { get; set; } = new long[256];

    public long[] FaultsBefore { get; set; } = new long[256];

    /// <summary>Messages that named no pCPU of the host.</summary>
    public long Misdirected { get; set; }

    public long MisdirectedBefore { get; set; }
}

/// <summary>A socket's IOMMU: turns what devices write into interrupts to pCPUs, or blocks it.</summary>
public sealed class IommuActor : WiredActor<IommuState>
{
    private readonly HostWiring _host;
    private readonly long _hitPs;
    private readonly long _missPs;
    private readonly int _destinationShift;

    public IommuActor(Wiring wiring, HostWiring host, CostProfile costs, bool extended)
        : base(wiring)
    {
        _host = host;
        _hitPs = costs.Ps(CostName.IrteHit);
        _missPs = costs.Ps(CostName.IrteMiss);

        // An xAPIC destination stands in bits 15:8 of the entry's destination field, an x2APIC one fills it.
        _destinationShift = extended ? 0 : 8;
        State = new IommuState
        {
            Table = new InterruptRemapping(host.Spec.Iommu.Entries, host.Spec.Iommu.Remapping, extended),
        };
    }

    protected override void Handle(EntityId sender, VirtualMessage message)
    {
        switch (message)
        {
            case MsiWrite write:
                Remap(write);
                break;
            case WriteIrte write:
                WriteEntry(write);
                break;
            case MeasureStart:
                State.FaultsBefore = [.. State.Faults];
                State.MisdirectedBefore = State.Misdirected;
                break;
            default:
                throw new InvalidOperationException($"an IOMMU does not understand {message.GetType().Name}");
        }
    }

    private void Remap(MsiWrite write)
    {
        RemapResult result = State.Table.Remap((ushort)write.SourceId, new MsiMessage(write.Address, write.Data));
        if (result.Status == RemapStatus.Blocked)
        {
            State.Faults[(int)result.Fault]++;
            return;
        }

        if (result.Status == RemapStatus.Posted)
        {
            // The descriptor lies in memory beside the VM; what is written there is looked at there.
            VcpuWiring vcpu = _host.Vcpus[DescriptorAddress.VcpuOf(result.Descriptor)];
            (int vf, int entry) = GuestMachine.SourceOf(result.Vector);
            SendInHost(vcpu.Vm, new PostInterrupt(vf, entry), result.CacheHit ? _hitPs : _missPs);
            return;
        }

        // A logical destination names pCPUs by bit; the lowest takes the interrupt, which lowest-priority delivery allows.
        int pcpu = result.Logical ? System.Numerics.BitOperations.TrailingZeroCount(result.Destination) : (int)result.Destination;
        if (pcpu >= _host.PCpus.Count)
        {
            State.Misdirected++;
            return;
        }

        SendInHost(_host.PCpus[pcpu], new Interrupt(result.Vector), !result.Looked ? 0 : result.CacheHit ? _hitPs : _missPs);
    }

    /// <summary>Entry and cache change together: the hypervisor's write and its invalidation take effect when both are done.</summary>
    private void WriteEntry(WriteIrte write)
    {
        Irte entry = write.PostedVcpu >= 0 ? Irte.ToDescriptor((byte)write.Vector, DescriptorAddress.Of(write.PostedVcpu), (ushort)write.SourceId)
            : write.Present ? Irte.Remapped((byte)write.Vector, (uint)write.Destination << _destinationShift, write.Logical, (ushort)write.SourceId) : default;
        State.Table.Write(write.Index, entry);
        State.Table.Invalidate(write.Index);
    }
}
