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

    /// <summary>The interrupt's affinity follows the target vCPU; multi-destination interrupts fall back to static and are counted.</summary>
    FollowVcpu,
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
}
