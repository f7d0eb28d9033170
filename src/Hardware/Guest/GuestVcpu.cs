using IoScale.Hardware.Apic;
using IoScale.Hardware.Numbers;
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

    /// <summary>An event-channel upcall up to its first port.</summary>
    Upcall,
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

    /// <summary>The application takes frames from its socket.</summary>
    Application,

    /// <summary>Hypercall that tells netback.</summary>
    SendEvent,

    /// <summary>netfront's timer looks at the ring.</summary>
    FrontTick,

    /// <summary>dom0: a piece of a netback shard's work.</summary>
    Netback,

    /// <summary>dom0: waking a shard's thread.</summary>
    ThreadSwitch,

    /// <summary>dom0: the device model.</summary>
    DeviceModel,
}

/// <summary>An access to a register that exits.</summary>
public enum GuestAccess
{
    Mask,
    Unmask,

    /// <summary>The APIC timer's initial count.</summary>
    Timer,

    /// <summary>The same, for netfront's timer.</summary>
    FrontTimer,

    /// <summary>Reading whether the last IPI has gone, as xAPIC drivers do before sending.</summary>
    IcrStatus,

    /// <summary>The destination half of the interrupt command register.</summary>
    IcrDestination,

    /// <summary>The interrupt command: sends the IPI.</summary>
    Icr,
}

/// <summary>One vCPU as its guest and its virtual APIC know it.</summary>
[MemoryPackable]
public sealed partial class GuestVcpu
{
    public const int NoShard = -1;

    /// <summary>Its number in the guest.</summary>
    public int Index { get; set; }

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

    /// <summary>Register accesses that come before anything else.</summary>
    public Queue<GuestAccess> Accesses { get; set; } = new();

    /// <summary>The first of <see cref="Accesses"/> is being carried out.</summary>
    public bool AccessUnderWay { get; set; }

    /// <summary>Waits for dom0's device model; nothing wakes it but the answer.</summary>
    public bool AwaitsDeviceModel { get; set; }

    /// <summary>When the guest's timer fires; never while it is not armed.</summary>
    public long NextTickPs { get; set; } = GuestMachine.NoTick;

    public bool TimerWritePending { get; set; }

    public PostedDescriptor Posted { get; set; } = new();

    /// <summary>What is left of the application's batch that a poll has put off, and its frames.</summary>
    public long ApplicationRemainingPs { get; set; }

    public int ApplicationCount { get; set; }

    public int ApplicationNic { get; set; }

    /// <summary>The handler is one of an upcall's; its next port follows.</summary>
    public bool InUpcall { get; set; }

    /// <summary>netback wants to be told of what netfront has put into a ring.</summary>
    public bool EventDue { get; set; }

    /// <summary>netfront's timer has fired.</summary>
    public bool FrontTickPending { get; set; }

    /// <summary>dom0: shard of the current or last netback work.</summary>
    public int SoftShard { get; set; }

    /// <summary>dom0: shard whose run has begun and is not over; or <see cref="NoShard"/>.</summary>
    public int ShardInRun { get; set; } = NoShard;

    /// <summary>dom0: the shard is being asked for its next piece.</summary>
    public bool AsksShard { get; set; }

    /// <summary>dom0: it is asked for the first piece of a run.</summary>
    public bool ShardBegins { get; set; }

    /// <summary>dom0: the shard's piece is an event to send.</summary>
    public bool ShardSends { get; set; }

    public CpuCategory ShardCategory { get; set; }

    public long ShardPiecePs { get; set; }

    /// <summary>Frames that polls have taken since the last tasklet run.</summary>
    public int PolledFrames { get; set; }

    /// <summary>dom0: shard that ran last, for round robin.</summary>
    public int LastShard { get; set; }

    /// <summary>dom0: what is left of a thread's piece that a poll has put off; -1 for none.</summary>
    public long PutOffPs { get; set; } = -1;

    /// <summary>dom0: time that netback's threads have taken and busy processes have not had in return.</summary>
    public long ComputeOwedPs { get; set; }

    /// <summary>VFs whose receive ring this vCPU has to poll, one bit each.</summary>
    public ulong PollPending { get; set; }

    /// <summary>VFs whose transmit ring this vCPU has to clean, one bit each.</summary>
    public ulong CleanPending { get; set; }

    /// <summary>VF that was served last, for round robin.</summary>
    public int LastServed { get; set; }
}
