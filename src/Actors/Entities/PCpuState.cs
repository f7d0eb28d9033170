using IoScale.Hardware.Apic;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Scheduling;
using IoScale.Hardware.Vectors;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>What a pCPU is doing.</summary>
public enum PCpuMode
{
    Idle,

    /// <summary>Hypervisor work; interrupts wait until it is over.</summary>
    Root,

    /// <summary>A guest runs; an interrupt makes it exit.</summary>
    Guest,

    /// <summary>The VM is being asked what its vCPU does next; takes no virtual time.</summary>
    Entering,

    Offline,
}

/// <summary>Kinds of hypervisor work.</summary>
public enum RootWorkKind
{
    /// <summary>Taking an interrupt; A is the vector.</summary>
    Interrupt,

    /// <summary>A host timer.</summary>
    Timer,

    /// <summary>Writing the ICR for a vCPU's sake; A pCPU, B vCPU.</summary>
    Kick,

    /// <summary>Writing the ICR for an IPI that a guest sends; A pCPU, B vCPU.</summary>
    GuestIpi,

    /// <summary>Writing the ICR for a cleanup; A pCPU.</summary>
    Cleanup,

    /// <summary>Coming out of idle to the vCPU that was woken.</summary>
    Wake,

    /// <summary>Switching to another vCPU.</summary>
    Switch,

    /// <summary>An exit that the guest made by itself; B is the vCPU.</summary>
    Exit,

    /// <summary>Injecting an interrupt at VM entry.</summary>
    Inject,

    /// <summary>dom0's handler of a PF's interrupt; A function, B entry.</summary>
    HostHandler,

    /// <summary>Sending an interrupt on to a VM of another socket; A function, B entry.</summary>
    Forward,
}

/// <summary>A piece of hypervisor work.</summary>
/// <param name="Ps">Its length.</param>
[MemoryPackable]
public readonly partial record struct RootWork(RootWorkKind Kind, CpuCategory Category, long Ps, int A, int B);

/// <summary>State of a pCPU: its vectors, local APIC, run queue and ledger, and what it is doing.</summary>
[MemoryPackable]
public sealed partial class PCpuState
{
    public PCpuMode Mode { get; set; } = PCpuMode.Idle;

    public LocalApic Apic { get; set; } = new();

    public CpuVectors Vectors { get; set; } = null!;

    /// <summary>Whose interrupt each vector carries.</summary>
    public VectorOwner[] Owners { get; set; } = new VectorOwner[256];

    public CycleLedger Ledger { get; set; } = null!;

    /// <summary>Where time goes from the ledger's cursor on.</summary>
    public CpuCategory Category { get; set; } = CpuCategory.Idle;

    public CreditRunQueue Queue { get; set; } = null!;

    /// <summary>Hypervisor work that waits.</summary>
    public Queue<RootWork> Waiting { get; set; } = new();

    /// <summary>Hypervisor work under way.</summary>
    public RootWork Work { get; set; }

    /// <summary>The work is not over yet.</summary>
    public bool WorkUnderWay { get; set; }

    /// <summary>Number of the current activity; the end of an earlier one is ignored.</summary>
    public int Token { get; set; }

    /// <summary>vCPU that was in this pCPU's registers last, or -1.</summary>
    public int LastVcpu { get; set; } = -1;

    public long GuestStartPs { get; set; }

    public long GuestPs { get; set; }

    public GuestStop GuestStop { get; set; }

    /// <summary>What the current vCPU's guest has run since its VM was last asked.</summary>
    public long RanPs { get; set; }

    public bool Completed { get; set; }

    /// <summary>The VM was asked without an exit.</summary>
    public bool InGuest { get; set; }

    /// <summary>What the guest's current piece counts as.</summary>
    public CpuCategory GuestCategory { get; set; }

    /// <summary>A posted interrupt's notification came while the VM was being asked.</summary>
    public bool PostedMeanwhile { get; set; }

    public bool ScheduleDue { get; set; }

    /// <summary>The pCPU left its idle state and no vCPU has run since.</summary>
    public bool CameFromIdle { get; set; }

    public long LookAgainPs { get; set; } = long.MaxValue;

    /// <summary>vCPUs for which an event-check IPI has arrived.</summary>
    public List<int> Kicks { get; set; } = [];

    /// <summary>Where vCPUs that left went, so that wake-ups under way reach them.</summary>
    public Dictionary<int, int> MovedTo { get; set; } = [];

    /// <summary>A peer has been asked for work and has not answered.</summary>
    public bool Stealing { get; set; }

    /// <summary>When the peers may be told again that vCPUs wait here.</summary>
    public long NextTicklePs { get; set; }

    public PCpuCounters Counters { get; set; } = new();

    public PCpuCounters CountersBefore { get; set; } = new();

    public long[] LedgerBefore { get; set; } = new long[CpuCategories.Count];

    public long MeasuredFromPs { get; set; }

    /// <summary>When this pCPU stops; never while it stays online.</summary>
    public long OfflineAtPs { get; set; } = VirtualDuration.Never;

    /// <summary>Vector on which an irq's old entries are cleaned up.</summary>
    public int CleanupVector { get; set; }

    /// <summary>Device interrupts come at this vector, not the hypervisor's own.</summary>
    public bool IsDeviceVector(int vector) => vector != HostVectors.EventCheck && vector != CleanupVector;
}

/// <summary>What a pCPU has counted since the run began.</summary>
[MemoryPackable]
public sealed partial class PCpuCounters
{
    /// <summary>Exits by category.</summary>
    public long[] Exits { get; set; } = new long[CpuCategories.Count];

    /// <summary>IPIs sent by purpose.</summary>
    public long[] Ipis { get; set; } = new long[3];

    /// <summary>Device interrupts taken.</summary>
    public long Taken { get; set; }

    /// <summary>Device interrupts that found their vector requested already.</summary>
    public long Merged { get; set; }

    /// <summary>Device interrupts at a vector that nobody owned.</summary>
    public long Unhandled { get; set; }

    public long ContextSwitches { get; set; }

    public PCpuCounters Clone() => new()
    {
        Exits = [.. Exits],
        Ipis = [.. Ipis],
        Taken = Taken,
        Merged = Merged,
        Unhandled = Unhandled,
        ContextSwitches = ContextSwitches,
    };
}
