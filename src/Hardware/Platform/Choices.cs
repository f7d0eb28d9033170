namespace IoScale.Hardware.Platform;

/// <summary>Vector allocators by name and version. What each does, step by step: docs/model.md.</summary>
public enum VectorAllocatorKind
{
    /// <summary>The deck's arithmetic: one table for all pCPUs, 256-32-16-16-1 = 191 vectors.</summary>
    SlideGlobal,

    /// <summary>Xen before 19 August 2009: one table for all pCPUs, 190 vectors.</summary>
    Xen2009Global,

    /// <summary>Xen's first per-CPU allocator (19 August 2009): 189 vectors a pCPU in physical mode.</summary>
    Xen2009PerCpu,

    /// <summary>Xen today: 189 vectors on pCPU 0, 202 on every other.</summary>
    Xen,

    /// <summary>Linux 2.6.32, io_apic.c.</summary>
    Linux2632,

    /// <summary>Linux 4.15 and later: the interrupt matrix.</summary>
    Linux,
}

/// <summary>How an interrupt message names its destination; decides how many pCPUs an allocation occupies.</summary>
public enum DestinationMode
{
    /// <summary>xAPIC physical: one pCPU.</summary>
    Physical,

    /// <summary>xAPIC flat logical: all online pCPUs (at most 8).</summary>
    Flat,

    /// <summary>x2APIC: one pCPU.</summary>
    X2Apic,
}

/// <summary>The way of a device interrupt to the vCPU that handles it.</summary>
public enum DeliveryMode
{
    /// <summary>The interrupt stays on the pCPU it was bound to; IPIs carry it on, by way of vCPU 0's pCPU.</summary>
    Static,

    /// <summary>
    /// The interrupt's affinity follows the target vCPU; interrupts with several destinations and those of the IO-APIC fall back to static and are
    /// counted.
    /// </summary>
    FollowVcpu,

    /// <summary>The IOMMU posts the interrupt to the vCPU's descriptor; a running vCPU takes it without an exit. Fallbacks as for follow-vcpu.</summary>
    Posted,
}

/// <summary>How a guest's end-of-interrupt is virtualized.</summary>
public enum EoiMode
{
    /// <summary>APIC-access exit, instruction fetched, decoded and emulated.</summary>
    Emulate,

    /// <summary>APIC-access exit, handled from the exit qualification.</summary>
    Fast,

    /// <summary>x2APIC MSR write, intercepted.</summary>
    X2Apic,

    /// <summary>Virtual-interrupt delivery: no exit for edge-triggered interrupts, and interrupts are delivered to a running guest without a window exit.</summary>
    Apicv,

    /// <summary>A bit in memory shared with the guest: no exit unless another interrupt waits (KVM's PV EOI).</summary>
    Pv,
}

/// <summary>How a VM is virtualized.</summary>
public enum VirtualizationKind
{
    /// <summary>Hardware-assisted: interrupts by virtual APIC, exits.</summary>
    Hvm,

    /// <summary>Paravirtual: interrupts are event channels, sensitive instructions are hypercalls; there are no VM exits.</summary>
    Pv,
}

/// <summary>The instruction a guest writes the EOI register with.</summary>
public enum EoiInstruction
{
    /// <summary>A plain store, as Linux and Windows do.</summary>
    Mov,

    /// <summary>A string store, which also moves its pointer register: side effects in that guest where the instruction is not emulated.</summary>
    Stos,
}

/// <summary>How a guest's devices signal interrupts.</summary>
public enum InterruptKind
{
    /// <summary>MSI or MSI-X.</summary>
    Msi,

    /// <summary>A level-triggered pin of the IO-APIC; stands for a device passed through with its legacy interrupt.</summary>
    IntX,
}

/// <summary>Who carries out a guest's masking and unmasking of an MSI-X entry.</summary>
public enum MsixMaskOwner
{
    /// <summary>The hypervisor (Xen from March 2009).</summary>
    Hypervisor,

    /// <summary>The device model in dom0.</summary>
    Dom0,
}

/// <summary>Which netback shard serves a vif.</summary>
public enum ShardAssignment
{
    /// <summary>One shard serves all (2009).</summary>
    Single,

    /// <summary>Shard = domain id modulo the number of shards (the deck's hack).</summary>
    Domid,

    /// <summary>A vif joins the shard with the fewest vifs, the lowest on a tie (May 2010).</summary>
    LeastLoaded,

    /// <summary>Each vif has a shard of its own, a kernel thread (Linux 3.11).</summary>
    PerVifThread,
}

/// <summary>What runs a netback shard.</summary>
public enum NetbackExecution
{
    /// <summary>A tasklet: before everything that is not an interrupt or softirq.</summary>
    Tasklet,

    /// <summary>A kernel thread bound to its vCPU: takes turns with dom0's other processes.</summary>
    Kthread,
}

/// <summary>When netback notifies a netfront of received frames.</summary>
public enum NotificationPolicy
{
    /// <summary>Whenever the ring's macros say so.</summary>
    Every,

    /// <summary>As every, but at most at the given rate for each vif.</summary>
    NetbackRate,

    /// <summary>Smart polling: netfront looks at the ring at the given rate; netback notifies only when polling has stopped.</summary>
    NetfrontPoll,
}

/// <summary>Layout of the event channels' pending bits.</summary>
public enum EventChannelAbi
{
    /// <summary>Two levels of bits: 4096 ports.</summary>
    TwoLevel,

    /// <summary>Queues of event words by vCPU and priority: 131,072 ports.</summary>
    Fifo,
}

/// <summary>How the sender of a flow behaves.</summary>
public enum TransportKind
{
    /// <summary>Sends at its offered rate whatever happens.</summary>
    Udp,

    /// <summary>A window of unacknowledged frames that grows with each acknowledgement and halves on loss.</summary>
    Tcp,

    /// <summary>The next request goes out when the response to the one before has come.</summary>
    RequestResponse,
}
