using MemoryPack;

namespace IoScale.Hardware.Vectors;

/// <summary>
/// The hypervisor's half of the Linux interrupt matrix: the global counters, what each pCPU last reported, and the operation under way. It picks the pCPU with the
/// most vectors available (ties: the lowest), for managed vectors the one with the fewest in use (ties: the highest), and asks that one only.
/// Source: Linux 5.10 kernel/irq/matrix.c (V).
/// </summary>
[MemoryPackable]
public sealed partial class MatrixSearch
{
    [MemoryPackInclude]
    private MatrixCounts[] _reported = [];
    [MemoryPackInclude]
    private uint _globalAvailable;
    [MemoryPackInclude]
    private uint _globalReserved;
    [MemoryPackInclude]
    private uint _totalAllocated;
    [MemoryPackInclude]
    private uint _onlineMaps;
    [MemoryPackInclude]
    private Phase _phase;
    [MemoryPackInclude]
    private bool _reserved;
    [MemoryPackInclude]
    private CpuMask _mask;
    [MemoryPackInclude]
    private CpuMask _done;

    /// <summary>The matrix of <paramref name="cpus"/> pCPUs, none online.</summary>
    public MatrixSearch(int cpus)
    {
        _reported = new MatrixCounts[cpus];
    }

    [MemoryPackConstructor]
    private MatrixSearch()
    {
    }

    private enum Phase : byte
    {
        Idle,
        Allocating,
        Reserving,
        RollingBack,
        Removing,
    }

    /// <summary>Vectors available on the online pCPUs, as the kernel counts them.</summary>
    [MemoryPackIgnore]
    public uint GlobalAvailable => _globalAvailable;

    /// <summary>Vectors promised to irqs that are not active yet.</summary>
    [MemoryPackIgnore]
    public uint GlobalReserved => _globalReserved;

    /// <summary>Vectors handed out.</summary>
    [MemoryPackIgnore]
    public uint TotalAllocated => _totalAllocated;

    /// <summary>pCPUs that take part.</summary>
    [MemoryPackIgnore]
    public uint OnlineMaps => _onlineMaps;

    /// <summary>What <paramref name="cpu"/> last reported.</summary>
    public MatrixCounts Reported(int cpu) => _reported[cpu];

    /// <summary>Vectors available, without those of <paramref name="cpu"/> when it is about to leave.</summary>
    public uint Available(int cpu, bool cpuDown) => cpuDown ? _globalAvailable - _reported[cpu].Available : _globalAvailable;

    /// <summary>Promises one vector. Never fails.</summary>
    /// <returns>False when the promise cannot be kept now: the kernel warns.</returns>
    public bool Reserve() => _globalReserved++ != _globalAvailable;

    /// <summary>Takes one promise back.</summary>
    public void RemoveReserved() => _globalReserved--;

    /// <summary>Starts an allocation on one pCPU of <paramref name="mask"/>.</summary>
    /// <param name="reserved">The allocation keeps a promise made by <see cref="Reserve"/>.</param>
    public VectorStep BeginAlloc(int irq, in CpuMask mask, bool reserved, bool watch)
    {
        if (mask.IsEmpty)
        {
            return VectorStep.Failed(VectorErrors.Invalid);
        }

        uint best = 0;
        var chosen = -1;
        foreach (var cpu in mask)
        {
            if (cpu < _reported.Length && _reported[cpu].Online && _reported[cpu].Available > best)
            {
                best = _reported[cpu].Available;
                chosen = cpu;
            }
        }

        return Allocate(VectorAsk.MatrixAlloc, chosen, irq, reserved, watch);
    }

    /// <summary>Starts an allocation of a vector set aside on one pCPU of <paramref name="mask"/>.</summary>
    public VectorStep BeginAllocManaged(int irq, in CpuMask mask, bool watch)
    {
        if (mask.IsEmpty)
        {
            return VectorStep.Failed(VectorErrors.Invalid);
        }

        var least = uint.MaxValue;
        var chosen = -1;
        foreach (var cpu in mask)
        {
            if (cpu < _reported.Length && _reported[cpu].Online && _reported[cpu].ManagedAllocated <= least)
            {
                least = _reported[cpu].ManagedAllocated;
                chosen = cpu;
            }
        }

        return Allocate(VectorAsk.MatrixAllocManaged, chosen, irq, reserved: false, watch);
    }

    /// <summary>Starts to set a vector aside on every pCPU of <paramref name="mask"/>, online or not: on all or on none.</summary>
    public VectorStep BeginReserveManaged(in CpuMask mask)
    {
        _mask = mask;
        _done = CpuMask.None;
        return ReserveNext();
    }

    /// <summary>Starts to give back a vector set aside on every pCPU of <paramref name="mask"/>.</summary>
    public VectorStep BeginRemoveManaged(in CpuMask mask)
    {
        _mask = mask;
        _phase = Phase.Removing;
        return RemoveNext();
    }

    /// <summary>Takes in what a pCPU says of its counters, whatever it was asked.</summary>
    public void Note(in VectorReply reply)
    {
        var before = _reported[reply.Cpu];
        var now = reply.Counts;
        _reported[reply.Cpu] = now;
        switch (reply.Ask)
        {
            case VectorAsk.Online:
                _globalAvailable += now.Available;
                _onlineMaps++;
                break;
            case VectorAsk.Offline:
                _globalAvailable -= now.Available;
                _onlineMaps--;
                break;
            default:
                // A bit freed on an offline pCPU leaves the global counters alone; a fixed assignment does not ask whether the pCPU is online.
                if (now.Online || reply.Ask == VectorAsk.MatrixAssign)
                {
                    _globalAvailable += now.Available - before.Available;
                    _totalAllocated += now.Allocated - before.Allocated;
                }

                break;
        }
    }

    /// <summary>Takes in a pCPU's counters after a system vector was marked on it; one that took an allocation's place ends it.</summary>
    internal void NoteSystem(int cpu, in MatrixCounts counts)
    {
        _totalAllocated += counts.Allocated - _reported[cpu].Allocated;
        _reported[cpu] = counts;
    }

    /// <summary>Takes in the answer to the last question of the operation under way, after <see cref="Note"/>.</summary>
    public VectorStep Digest(in VectorReply reply)
    {
        switch (_phase)
        {
            case Phase.Allocating:
                _phase = Phase.Idle;
                if (!reply.Granted)
                {
                    return VectorStep.Failed(VectorErrors.NoSpace);
                }

                if (_reserved)
                {
                    _globalReserved--;
                }

                return VectorStep.Found(reply.Vector, CpuMask.Single(reply.Cpu));
            case Phase.Reserving:
                _mask = _mask.Without(reply.Cpu);
                if (reply.Granted)
                {
                    _done = _done.With(reply.Cpu);
                    return ReserveNext();
                }

                _mask = _done;
                _phase = Phase.RollingBack;
                return RemoveNext();
            case Phase.RollingBack:
            case Phase.Removing:
                _mask = _mask.Without(reply.Cpu);
                return RemoveNext();
            default:
                throw new InvalidOperationException($"no matrix operation is under way that {reply} could answer");
        }
    }

    private VectorStep Allocate(VectorAsk ask, int cpu, int irq, bool reserved, bool watch)
    {
        if (cpu < 0)
        {
            return VectorStep.Failed(VectorErrors.NoSpace);
        }

        _phase = Phase.Allocating;
        _reserved = reserved;
        return VectorStep.Ask(new VectorRequest(ask, cpu, irq, Watch: watch, Managed: ask == VectorAsk.MatrixAllocManaged));
    }

    private VectorStep ReserveNext()
    {
        _phase = Phase.Reserving;
        return AskNext(VectorAsk.MatrixReserveManaged, VectorErrors.Ok, _done);
    }

    private VectorStep RemoveNext() =>
        AskNext(VectorAsk.MatrixRemoveManaged, _phase == Phase.RollingBack ? VectorErrors.NoSpace : VectorErrors.Ok, CpuMask.None);

    private VectorStep AskNext(VectorAsk ask, int rcAtEnd, in CpuMask domain)
    {
        var cpu = _mask.First;
        if (cpu >= 0)
        {
            return VectorStep.Ask(new VectorRequest(ask, cpu, -1));
        }

        _phase = Phase.Idle;
        return new VectorStep(true, rcAtEnd, -1, domain, default);
    }
}
