namespace IoScale.Hardware.Costs;

/// <summary>The costs that the model charges. Their names in files are the same words in kebab-case: <see cref="CostNames"/>.</summary>
public enum CostName
{
    /// <summary>Bare VM exit and entry, no work.</summary>
    ExitBare,

    /// <summary>Trivial exit handled in the hypervisor (cpuid, HLT, hypercall).</summary>
    ExitTrivial,

    /// <summary>APIC-access exit for EOI with fetch, decode and emulate.</summary>
    ExitEoiEmulate,

    /// <summary>APIC-access exit for EOI handled from the exit qualification.</summary>
    ExitEoiFast,

    /// <summary>x2APIC EOI MSR write exit.</summary>
    ExitEoiX2Apic,

    /// <summary>Guest ICR write exit (xAPIC, emulated), without the physical IPI.</summary>
    ExitIcrEmulate,

    /// <summary>Guest ICR write exit (x2APIC MSR), without the physical IPI.</summary>
    ExitIcrX2Apic,

    /// <summary>Exit for any other access to an xAPIC register (timer, ICR's upper half, status read), emulated.</summary>
    ExitApicOther,

    /// <summary>EOI under virtual-interrupt delivery: no exit. Processors that have it only.</summary>
    EoiApicv,

    /// <summary>EOI exit of a level-triggered interrupt under virtual-interrupt delivery (EOI-exit bitmap). Processors that have it only.</summary>
    ExitEoiBitmap,

    /// <summary>EOI by clearing a bit in shared memory.</summary>
    EoiPv,

    /// <summary>A posted interrupt reaches the IDT of a running guest. Processors that have it only.</summary>
    PostedDelivery,

    /// <summary>From posting to the notification's arrival at the pCPU (time). Processors that have it only.</summary>
    PostedNotification,

    /// <summary>Exit for a device interrupt while a guest runs, with do_IRQ.</summary>
    ExitExternalInterrupt,

    /// <summary>Exit for an IPI while a guest runs, with its handler.</summary>
    ExitIpi,

    /// <summary>Interrupt-window exit.</summary>
    ExitInterruptWindow,

    /// <summary>Software injection of a virtual interrupt at VM entry.</summary>
    Injection,

    /// <summary>Physical ICR write.</summary>
    IpiSend,

    /// <summary>IPI from send to handler entry, same socket (time).</summary>
    IpiFlightSameSocket,

    /// <summary>IPI from send to handler entry, across sockets (time).</summary>
    IpiFlightCrossSocket,

    /// <summary>Hardware interrupt entry, acknowledge and exit without driver work (host or guest).</summary>
    NativeIrq,

    /// <summary>Driver and NAPI cost of an interrupt, independent of packets.</summary>
    NapiFixed,

    /// <summary>Driver and stack cost of a received frame in the guest.</summary>
    RxPacket,

    /// <summary>Driver and stack cost of a sent frame in the guest.</summary>
    TxPacket,

    /// <summary>Cleaning one transmitted descriptor.</summary>
    TxClean,

    /// <summary>vCPU context switch.</summary>
    ContextSwitch,

    /// <summary>From wake-up to running on an idle pCPU (time).</summary>
    WakeLatency,

    /// <summary>Posted write from the device to the local APIC or IOMMU (time).</summary>
    MsiLatency,

    /// <summary>IRTE lookup that hits the interrupt entry cache (time).</summary>
    IrteHit,

    /// <summary>IRTE lookup that misses it (time).</summary>
    IrteMiss,

    /// <summary>Interrupt entry cache invalidation (time).</summary>
    IecInvalidate,

    /// <summary>Non-posted MMIO read from a NIC (time).</summary>
    MmioRead,

    /// <summary>MSI-X mask or unmask emulated in the hypervisor.</summary>
    MsixMaskHypervisor,

    /// <summary>MSI-X mask or unmask by dom0's device model (time).</summary>
    MsixMaskDom0,

    /// <summary>Event-channel send hypercall.</summary>
    EvtchnSend,

    /// <summary>Event-channel upcall in a PV guest.</summary>
    EvtchnUpcall,

    /// <summary>Grant copy, fixed part of a hypercall.</summary>
    GrantCopyFixed,

    /// <summary>Grant copy, each operation.</summary>
    GrantCopyOp,

    /// <summary>Copying of one 1500-byte frame inside a grant copy.</summary>
    GrantCopyBytes1500,

    /// <summary>Grant map and unmap of a page with its share of the TLB flush.</summary>
    GrantMap,

    /// <summary>Netback per packet, without grants.</summary>
    NetbackPacket,

    /// <summary>Bridge and dom0 NIC driver per packet.</summary>
    BridgePacket,

    /// <summary>Netfront and guest stack per packet.</summary>
    NetfrontPacket,

    /// <summary>Hypercall of a PV guest without work of its own (blocking, arming a timer).</summary>
    HypercallPv,

    /// <summary>Waking and switching to a kernel thread.</summary>
    ThreadSwitch,
}
