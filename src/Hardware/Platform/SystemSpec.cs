using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Nics;

namespace IoScale.Hardware.Platform;

/// <summary>Everything that a run emulates, checked and with every default filled in. Times in picoseconds, rates in bits per second.</summary>
/// <param name="Name">Scenario name; safe as a file name.</param>
/// <param name="DurationPs">Virtual time at which the run ends; events at or after it are not handled.</param>
/// <param name="WarmUpPs">Start of the measured window [WarmUpPs, DurationPs).</param>
/// <param name="Fabric">The switch that links the hosts' ports; null when hosts are not linked.</param>
public sealed record SystemSpec(
    string Name,
    ulong Seed,
    long DurationPs,
    long WarmUpPs,
    CostProfile Costs,
    IReadOnlyList<HostSpec> Hosts,
    FabricSpec? Fabric,
    IReadOnlyList<VmSpec> Vms,
    IReadOnlyList<FlowSpec> Flows,
    IReadOnlyList<TimelineStep> Timeline);

/// <summary>One physical machine. pCPUs are numbered from 0 over all sockets; socket s holds pCPUs [s*n, (s+1)*n) with n = PCpus/Sockets.</summary>
/// <param name="PlatformVectors">Device vectors taken before any NIC asks (IO-APIC pins in use, IOMMUs, HPET channels).</param>
public sealed record HostSpec(
    string Name,
    int Sockets,
    int PCpus,
    VectorAllocatorKind Allocator,
    DestinationMode Destination,
    int PlatformVectors,
    DeliveryMode Delivery,
    EoiMode Eoi,
    IommuSpec Iommu,
    SchedulerSpec Scheduler,
    IReadOnlyList<NicSpec> Nics)
{
    /// <summary>The driver domain; null where no VM has a vif.</summary>
    public Dom0Spec? Dom0 { get; init; }

    public NetbackSpec Netback { get; init; } = new(ShardAssignment.Single, 1, NetbackExecution.Tasklet);

    public EventChannelAbi EventChannels { get; init; } = EventChannelAbi.TwoLevel;

    public MsixMaskOwner MsixMask { get; init; } = MsixMaskOwner.Hypervisor;
}

/// <summary>dom0: a PV guest whose vCPUs are scheduled like any other's. It drives the ports that vifs are bridged to.</summary>
/// <param name="Name">Its name as a VM in metrics; no VM of the system has it.</param>
/// <param name="Pins">For each vCPU the pCPU it is pinned to, or -1 to float; length is the number of vCPUs, all of one socket.</param>
/// <param name="Starts">For each vCPU the pCPU it starts on.</param>
/// <param name="NicQueues">Receive queues of each bridged port, at least 1; the queues of all ports, counted through, interrupt the vCPUs in turn.</param>
/// <param name="Busy">Processes of dom0 compute whenever nothing else runs.</param>
public sealed record Dom0Spec(string Name, int HomeSocket, IReadOnlyList<int> Pins, IReadOnlyList<int> Starts, int Weight, int NicQueues, bool Busy);

/// <param name="Shards">Number of shards: 1 for single, the number of the host's vifs for per-vif-thread. Shard s runs on dom0's vCPU s modulo their number.</param>
public sealed record NetbackSpec(ShardAssignment Assignment, int Shards, NetbackExecution Execution);

/// <param name="Remapping">False: MSIs reach the pCPUs as the device wrote them.</param>
/// <param name="Entries">Size of the interrupt remapping table, 1 to 65536.</param>
public sealed record IommuSpec(bool Remapping, int Entries);

/// <summary>Credit scheduler parameters.</summary>
/// <param name="SlicePs">Time slice (30 ms).</param>
/// <param name="TickPs">Credit accounting tick (10 ms).</param>
/// <param name="RateLimitPs">Minimum run time before a wake-up may preempt; 0 in 2009.</param>
/// <param name="Balance">Idle pCPUs steal queued vCPUs.</param>
/// <param name="Boost">A waking vCPU with credit left runs first.</param>
public sealed record SchedulerSpec(long SlicePs, long TickPs, long RateLimitPs, bool Balance, bool Boost);

/// <summary>One NIC card in a host. Ports are numbered from 0; function 0 of a port is its PF, VFs follow from 0.</summary>
/// <param name="VfsPerPort">VFs enabled on each port, in port order.</param>
/// <param name="VectorsPerVf">MSI-X vectors each VF's driver asks for.</param>
/// <param name="VectorsPerPf">MSI-X vectors each PF's driver asks for.</param>
public sealed record NicSpec(
    string Name,
    int Socket,
    NicModel Model,
    IReadOnlyList<int> VfsPerPort,
    int VectorsPerVf,
    int VectorsPerPf,
    int RxRing,
    int TxRing,
    CoalescingSpec RxCoalescing,
    CoalescingSpec TxCoalescing)
{
    /// <summary>Queue pairs of each port's PF that dom0 drives for the vifs bridged to it; empty where there are none.</summary>
    public IReadOnlyList<int> Dom0Queues { get; init; } = [];

    public int Dom0QueuesOf(int port) => port < Dom0Queues.Count ? Dom0Queues[port] : 0;
}

/// <summary>One VM with its VFs.</summary>
/// <param name="Pins">For each vCPU the pCPU it is pinned to, or -1 to float; length is the number of vCPUs.</param>
/// <param name="Starts">For each vCPU the pCPU it starts on.</param>
/// <param name="InterruptVcpu">The vCPU that the guest sets as destination of its device interrupts.</param>
/// <param name="MultiDestination">The guest programs its MSIs with several destinations: no affinity tracking.</param>
/// <param name="ApplicationCycles">Cycles the application spends on each received frame, on top of driver and stack.</param>
/// <param name="Busy">The guest computes whenever it has nothing else to do (a CPU hog); otherwise it halts.</param>
/// <param name="Weight">Credit scheduler weight, 1 to 65535.</param>
public sealed record VmSpec(
    string Name,
    string Host,
    int HomeSocket,
    IReadOnlyList<int> Pins,
    IReadOnlyList<int> Starts,
    int InterruptVcpu,
    bool MultiDestination,
    int ApplicationCycles,
    bool Busy,
    int Weight,
    IReadOnlyList<VfRef> Vfs)
{
    public VirtualizationKind Virtualization { get; init; } = VirtualizationKind.Hvm;

    /// <summary>Domain id, at least 1, of its own in the host; dom0 has 0.</summary>
    public int Domid { get; init; } = 1;

    /// <summary>The VM's PV network interface; null where it has VFs or none. A VM has VFs or a vif, not both; a flow's FromVf or ToVf is 0 for a vif.</summary>
    public VifSpec? Vif { get; init; }

    public EoiInstruction EoiInstruction { get; init; } = EoiInstruction.Mov;

    public InterruptKind Interrupts { get; init; } = InterruptKind.Msi;

    /// <summary>The guest masks and unmasks its MSI-X entry at every interrupt, as drivers before about Linux 2.6.28 do.</summary>
    public bool MaskPerInterrupt { get; init; }

    /// <summary>vCPU that the application runs on; -1: it runs inside the receive poll, its cost being part of a frame's.</summary>
    public int ApplicationVcpu { get; init; } = -1;

    /// <summary>Frames that may wait for the application; more are lost. 0: no limit. Used only where <see cref="ApplicationVcpu"/> is not -1.</summary>
    public int SocketBuffer { get; init; }

    /// <summary>Rate of the guest's timer on each vCPU, which reprograms its APIC timer each time; 0: none. A halted vCPU has no tick.</summary>
    public int TickHz { get; init; }
}

/// <summary>A PV network interface, bridged to a NIC port of the host.</summary>
/// <param name="Nic">NIC by name.</param>
public sealed record VifSpec(string Nic, int Port, NotificationSpec Notification);

/// <param name="RateHz">Rate of netback-rate and netfront-poll, at least 1; 0 for every.</param>
public sealed record NotificationSpec(NotificationPolicy Policy, int RateHz);

/// <summary>A VF by host, NIC, port and number. VF numbers start at 0 on each port.</summary>
public sealed record VfRef(string Host, string Nic, int Port, int Vf);

/// <summary>A switch with one port for each NIC port of the linked hosts.</summary>
/// <param name="LatencyPs">One-way latency of each host's wire to the switch, at least 1 ps: the lookahead of the links between hosts.</param>
public sealed record FabricSpec(string Name, long LatencyPs);

public enum ArrivalKind
{
    Constant,
    Poisson,
    OnOff,
}

/// <summary>One flow of frames.</summary>
/// <param name="FromVm">Sending VM, or null: a station outside, on the wire of the destination's port.</param>
/// <param name="ToVm">Receiving VM, or null: a station outside.</param>
/// <param name="RateBps">Offered load in bits of Ethernet frames (without preamble and gap) per second.</param>
/// <param name="FrameBytes">Frame length including header and FCS, 64 to 9018.</param>
/// <param name="Burst">Frames sent back to back at line rate; the mean rate is kept.</param>
/// <param name="OnPs">Mean length of an on period (OnOff only).</param>
/// <param name="OffPs">Mean length of an off period (OnOff only).</param>
/// <param name="FromVf">Index into the sending VM's VFs.</param>
/// <param name="ToVf">Index into the receiving VM's VFs.</param>
public sealed record FlowSpec(
    string Name,
    string? FromVm,
    string? ToVm,
    int FromVf,
    int ToVf,
    long RateBps,
    int FrameBytes,
    ArrivalKind Arrival,
    int Burst,
    long OnPs,
    long OffPs,
    long StartPs,
    long StopPs)
{
    public TransportKind Transport { get; init; } = TransportKind.Udp;

    /// <summary>Tcp: the largest window in frames. RequestResponse: requests that may be under way. At least 1.</summary>
    public int Window { get; init; } = 1;

    /// <summary>RequestResponse: length of the response.</summary>
    public int ResponseBytes { get; init; } = 64;

    /// <summary>One-way time between a station outside and the port's wire, on top of the wire's own; acknowledgements and responses take it back. Tcp and RequestResponse.</summary>
    public long DistancePs { get; init; }
}
