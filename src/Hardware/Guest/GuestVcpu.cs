using IoScale.Hardware.Apic;
using MemoryPack;

namespace IoScale.Hardware.Guest;

public enum VcpuRunState
{
    Blocked,
    Runnable,
    Running,
}

/// <summary>Where an interrupt handler is.</summary>
public enum HandlerStage
{
    None,

    /// <summary>From the IDT to the EOI; interrupts off.</summary>
    Entry,

    /// <summary>The driver's handler; interrupts still off.</summary>
    Body,
}

/// <summary>What a vCPU does outside interrupt handlers.</summary>
public enum SoftWork
{
    None,
    Poll,
    Clean,
    Send,
    Compute,
    Halt,
}

/// <summary>One vCPU as its guest and its virtual APIC know it.</summary>
[MemoryPackable]
public sealed partial class GuestVcpu
{
    public LocalApic Apic { get; set; } = new();

    /// <summary>pCPU of the host on which it runs or would run.</summary>
    public int PCpu { get; set; }

    public VcpuRunState RunState { get; set; } = VcpuRunState.Blocked;

    /// <summary>An IPI for it is under way; another one would add nothing.</summary>
    public bool KickPending { get; set; }

    public HandlerStage Handler { get; set; }

    public long HandlerRemainingPs { get; set; }

    /// <summary>Device slot whose interrupt is being handled.</summary>
    public int HandlerSlot { get; set; }

    /// <summary>An interrupt waits while interrupts are off: exit when they are on again.</summary>
    public bool WindowRequested { get; set; }

    public SoftWork Soft { get; set; }

    public long SoftRemainingPs { get; set; }

    public int SoftNic { get; set; }

    /// <summary>Frames or descriptors that the current soft work handles.</summary>
    public int SoftCount { get; set; }

    /// <summary>VFs whose receive ring this vCPU has to poll, one bit each.</summary>
    public ulong PollPending { get; set; }

    /// <summary>VFs whose transmit ring this vCPU has to clean, one bit each.</summary>
    public ulong CleanPending { get; set; }

    /// <summary>VF that was served last, for round robin.</summary>
    public int LastServed { get; set; }
}
