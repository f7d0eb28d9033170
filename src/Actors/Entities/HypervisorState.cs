using IoScale.Hardware.Iommu;
using IoScale.Hardware.Vectors;
using IoScale.Protocol.Messages;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>What the hypervisor knows of an MSI-X entry's irq besides its vector.</summary>
[MemoryPackable]
public sealed partial class IrqInfo
{
    /// <summary>Index in the host's list of functions, or -1: a platform device.</summary>
    public int Function { get; set; } = -1;

    public int MsixEntry { get; set; }

    /// <summary>Entry of the IOMMU's remapping table, or -1.</summary>
    public int Irte { get; set; } = -1;

    /// <summary>pCPU that the device or its remapping entry names, or -1.</summary>
    public int Destination { get; set; } = -1;

    /// <summary>Where the irq was last asked to be, or empty.</summary>
    public CpuMask Wanted { get; set; }
}

/// <summary>How far a function's driver is.</summary>
[MemoryPackable]
public sealed partial class FunctionState
{
    /// <summary>irq of each MSI-X entry asked for, or -1.</summary>
    public int[] Irqs { get; set; } = [];

    public int Answered { get; set; }

    public int Granted { get; set; }

    public bool Refused { get; set; }

    public bool Up { get; set; }

    /// <summary>When the function's registers say that it is up.</summary>
    public long UpAtPs { get; set; }

    /// <summary>When the last reset is over.</summary>
    public long ReadyAtPs { get; set; }
}

/// <summary>A vector that was refused.</summary>
/// <param name="PCpu">The last pCPU tried; -1 when none was asked, -2 when all were looked at together.</param>
[MemoryPackable]
public sealed partial record RefusedVector(int Function, int MsixEntry, int Assigned, int PCpu, string Reason)
{
    /// <summary>Instead of a function: a platform device.</summary>
    public const int Platform = -1;

    public const int NoPCpu = -1;
    public const int AllPCpus = -2;
}

/// <summary>State of a host's hypervisor: irqs, functions, where vCPUs are.</summary>
[MemoryPackable]
public sealed partial class HypervisorState
{
    public HypervisorVectors Vectors { get; set; } = null!;

    public List<IrqInfo?> Irqs { get; set; } = [];

    public FunctionState[] Functions { get; set; } = [];

    /// <summary>Remapping entries of each IOMMU.</summary>
    public EntryAllocator[] IrteFree { get; set; } = [];

    /// <summary>pCPU of each vCPU of the host.</summary>
    public int[] VcpuAt { get; set; } = [];

    /// <summary>pCPU that reported an irq's interrupt last: it sends the cleanup IPI.</summary>
    public Dictionary<int, int> Reporter { get; set; } = [];

    /// <summary>pCPUs asked to go offline, the answer still to come.</summary>
    public CpuMask Leaving { get; set; }

    /// <summary>Requests for vectors that wait for their turn.</summary>
    public Queue<VectorOwner> Asking { get; set; } = new();

    /// <summary>irq for which a vector has been asked and the answer is to come; -1 when none is.</summary>
    public int AskedIrq { get; set; } = -1;

    public List<RefusedVector> Refusals { get; set; } = [];

    public List<string> Notes { get; set; } = [];

    public int NextIrq { get; set; }

    /// <summary>Device irqs that have a vector now.</summary>
    public int Assigned { get; set; }

    public long MovesDone { get; set; }

    public long MovesNoSpace { get; set; }

    public long MovesBusy { get; set; }

    public long OfflineRefused { get; set; }
}
