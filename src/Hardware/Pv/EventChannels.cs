using IoScale.Hardware.Platform;
using MemoryPack;

namespace IoScale.Hardware.Pv;

/// <summary>
/// A domain's event channels as Xen and the domain's kernel share them: pending and masked ports, and for each vCPU whether an upcall is due. Every port starts
/// unmasked and bound to vCPU 0. Port 0 is none.
/// </summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(TwoLevelChannels))]
[MemoryPackUnion(1, typeof(FifoChannels))]
public abstract partial class EventChannels
{
    /// <summary>No port is pending.</summary>
    public const int None = -1;

    [MemoryPackConstructor]
    protected EventChannels()
    {
    }

    /// <param name="ports">Ports are 1 up to, not including, this.</param>
    protected EventChannels(int vcpus, int ports)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vcpus, 1);
        Upcalls = new bool[vcpus];
        Vcpus = new int[ports];
    }

    /// <summary>Sends to a port that was pending already: they became one with the earlier one.</summary>
    public long Merged { get; set; }

    /// <summary>For each vCPU: an upcall is due.</summary>
    [MemoryPackInclude]
    protected bool[] Upcalls { get; set; } = [];

    /// <summary>For each port the vCPU that it is bound to.</summary>
    [MemoryPackInclude]
    protected int[] Vcpus { get; set; } = [];

    /// <summary>Ports in all, port 0 included.</summary>
    [MemoryPackIgnore]
    public int Ports => Vcpus.Length;

    /// <summary>Channels of a domain.</summary>
    /// <param name="ports">Ports are 1 up to, not including, this; the layout bounds it.</param>
    /// <exception cref="ArgumentOutOfRangeException">More ports than the layout has, or no vCPU.</exception>
    public static EventChannels Create(EventChannelAbi abi, int vcpus, int ports) =>
        abi == EventChannelAbi.Fifo ? new FifoChannels(vcpus, ports) : new TwoLevelChannels(vcpus, ports);

    /// <summary>The vCPU that the port's events go to.</summary>
    public int VcpuOf(int port) => Vcpus[port];

    /// <summary>An upcall is due on the vCPU.</summary>
    public bool IsUpcallPending(int vcpu) => Upcalls[vcpu];

    /// <summary>Binds a port to another vCPU (EVTCHNOP_bind_vcpu), masked meanwhile, so that an event that is pending is not forgotten.</summary>
    /// <returns>One is pending, and the new vCPU has to be kicked.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such vCPU.</exception>
    public bool Bind(int port, int vcpu)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)vcpu, (uint)Upcalls.Length);
        CheckPort(port);
        return MoveTo(port, vcpu);
    }

    /// <summary>An event is sent to a port.</summary>
    /// <returns>The port's vCPU has to be kicked: it has an upcall now, and had none.</returns>
    public abstract bool Send(int port);

    /// <summary>Events of the port wait from now on.</summary>
    public abstract void Mask(int port);

    /// <summary>Events of the port come through again.</summary>
    /// <returns>One was waiting, and the port's vCPU has to be kicked.</returns>
    public abstract bool Unmask(int port);

    public abstract bool IsPending(int port);

    public abstract bool IsMasked(int port);

    /// <summary>The upcall handler's next port, no longer pending; <see cref="None"/> ends the upcall.</summary>
    public abstract int TakeNext(int vcpu);

    /// <summary>Events sent and not taken.</summary>
    public abstract int PendingCount();

    protected abstract bool MoveTo(int port, int vcpu);

    protected void CheckPort(int port)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(port, Ports);
    }

    /// <summary>An upcall is due on the vCPU; true when none was.</summary>
    protected bool RequestUpcall(int vcpu)
    {
        bool newly = !Upcalls[vcpu];
        Upcalls[vcpu] = true;
        return newly;
    }
}
