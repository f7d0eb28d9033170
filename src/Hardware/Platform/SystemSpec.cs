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
    IReadOnlyList<NicSpec> Nics);

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
    CoalescingSpec TxCoalescing);

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
    IReadOnlyList<VfRef> Vfs);

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
    long StopPs);
