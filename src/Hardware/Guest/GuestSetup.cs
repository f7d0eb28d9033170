using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Guest;

/// <summary>What a guest's work costs, in picoseconds, and how it is set up. Constant during a run; not part of the guest's state.</summary>
/// <param name="Vcpus">Number of vCPUs.</param>
/// <param name="Nics">Number of VFs, at most <see cref="GuestMachine.MaxNics"/>.</param>
/// <param name="InterruptVcpu">vCPU that the guest sets as destination of its device interrupts.</param>
/// <param name="ByWayOfVcpu0">Interrupts reach the target vCPU by way of vCPU 0 (static delivery).</param>
/// <param name="Busy">The guest computes whenever it has nothing else to do.</param>
/// <param name="IrqEntryPs">Interrupt entry up to the EOI.</param>
/// <param name="HandlerPs">Driver's handler and NAPI, fixed part.</param>
/// <param name="RxFramePs">Driver, stack and application, each received frame.</param>
/// <param name="TxFramePs">Stack and driver, each sent frame.</param>
/// <param name="TxCleanPs">Each transmit descriptor cleaned.</param>
/// <param name="InjectionPs">Hypervisor work to inject an interrupt at VM entry.</param>
/// <param name="RxRing">Receive descriptors of each VF.</param>
/// <param name="TxRing">Transmit descriptors of each VF.</param>
public sealed record GuestSetup(
    int Vcpus,
    int Nics,
    int InterruptVcpu,
    bool ByWayOfVcpu0,
    bool Busy,
    long IrqEntryPs,
    long HandlerPs,
    long RxFramePs,
    long TxFramePs,
    long TxCleanPs,
    long InjectionPs,
    int RxRing,
    int TxRing)
{
    /// <summary>How the guest's end of interrupt is virtualized.</summary>
    public EoiMode Eoi { get; init; } = EoiMode.Fast;

    /// <summary>EOI without an exit, where there is one: virtual-interrupt delivery or a bit in shared memory.</summary>
    public long EoiInGuestPs { get; init; }

    /// <summary>The guest's EOI instruction does more than store.</summary>
    public bool ComplexEoi { get; init; }

    /// <summary>Device interrupts are level-triggered pins.</summary>
    public bool Level { get; init; }

    /// <summary>Device interrupts are posted to the vCPU.</summary>
    public bool Posted { get; init; }

    /// <summary>A posted interrupt's way to the IDT of a running guest.</summary>
    public long PostedPs { get; init; }

    /// <summary>Who carries out masking, when the guest masks its entry at every interrupt; null when it does not.</summary>
    public MsixMaskOwner? MaskPerInterrupt { get; init; }

    /// <summary>vCPU of the application; -1: it runs inside the poll, its cost being part of <see cref="RxFramePs"/>.</summary>
    public int ApplicationVcpu { get; init; } = -1;

    /// <summary>The application's work on each frame, where it does not run inside the poll.</summary>
    public long ApplicationPs { get; init; }

    /// <summary>Frames of each VF that may wait for the application; 0: no limit.</summary>
    public int SocketBuffer { get; init; }

    /// <summary>Period of the guest's timer on each vCPU; 0: none.</summary>
    public long TickPs { get; init; }

    /// <summary>vCPU that each NIC interrupts; empty: <see cref="InterruptVcpu"/> for all.</summary>
    public IReadOnlyList<int> NicVcpus { get; init; } = [];

    /// <summary>Flows whose deliveries somebody waits for, by index; shorter when there are none behind.</summary>
    public IReadOnlyList<bool> WatchedFlows { get; init; } = [];

    /// <summary>Event channels; null for an HVM guest without a vif.</summary>
    public PvSetup? Pv { get; init; }

    /// <summary>NAPI's budget: frames one poll may take before it yields (Linux: 64).</summary>
    public const int NapiBudget = 64;

    /// <summary>Length of one piece of a busy guest's own computing. Its end is not visible to anyone.</summary>
    public const long BusyPiecePs = 10_000_000_000;

    /// <summary>Frames that the guest sends in one piece of work, at most (R-L; Linux: 64 packets a round of the queue discipline, dev_weight).</summary>
    public const int SendBatch = 64;

    /// <summary>Frames that the application takes from its socket at a time (R-L).</summary>
    public const int ApplicationBatch = 16;

    /// <summary>The hardware delivers virtual interrupts to a running guest by itself.</summary>
    public bool VirtualDelivery => Eoi == EoiMode.Apicv;

    /// <summary>The guest reaches its APIC by MSRs: one write for an IPI, where xAPIC needs a status read and two writes.</summary>
    public bool ApicByMsr => Eoi is EoiMode.X2Apic or EoiMode.Apicv;

    public int VcpuOf(int nic) => nic < NicVcpus.Count ? NicVcpus[nic] : InterruptVcpu;

    public bool IsWatched(int flow) => flow < WatchedFlows.Count && WatchedFlows[flow];
}
