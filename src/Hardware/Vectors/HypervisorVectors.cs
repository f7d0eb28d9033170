using IoScale.Hardware.Platform;
using MemoryPack;

namespace IoScale.Hardware.Vectors;

/// <summary>
/// The hypervisor's half of a host's vectors: irq descriptors, policy, and a queue of operations that are done one after the other, as under the kernels' vector lock.
/// It never touches a pCPU's table: what it wants of one it puts out as a <see cref="VectorRequest"/>, and goes on when <see cref="Digest"/> gets the reply.
/// </summary>
/// <remarks>
/// Call an operation, then send everything that <see cref="TryNextRequest"/> yields to the pCPUs named, hand each reply to <see cref="Digest"/>, and repeat.
/// Requests to one pCPU must arrive in the order they were yielded, and its replies in the order it made them. Results come out of <see cref="TryNextOutcome"/>.
/// </remarks>
[MemoryPackable]
public sealed partial class HypervisorVectors
{
    [MemoryPackInclude]
    private VectorAllocatorKind _kind;
    [MemoryPackInclude]
    private int _cpus;
    [MemoryPackInclude]
    private CpuMask _online;
    [MemoryPackInclude]
    private List<IrqDescriptor?> _irqs = [];
    [MemoryPackInclude]
    private RotorSearch? _rotor;
    [MemoryPackInclude]
    private MatrixSearch? _matrix;
    [MemoryPackInclude]
    private GlobalSearch? _global;
    [MemoryPackInclude]
    private List<VectorJob> _jobs = [];
    [MemoryPackInclude]
    private Queue<VectorRequest> _requests = [];
    [MemoryPackInclude]
    private Queue<VectorOutcome> _outcomes = [];
    [MemoryPackInclude]
    private VectorJob _current;
    [MemoryPackInclude]
    private int _unanswered;
    [MemoryPackInclude]
    private bool _searching;
    [MemoryPackInclude]
    private bool _keepOld;
    [MemoryPackInclude]
    private bool _warned;
    [MemoryPackInclude]
    private int _attempt;
    [MemoryPackInclude]
    private bool _isaAssigned;

    /// <summary>A host with all pCPUs offline.</summary>
    /// <param name="cpus">pCPUs, 1 to <see cref="CpuMask.MaxCpus"/>; at most 8 in flat mode.</param>
    /// <param name="firstSystemVector">Linux 2.6.32 only: 0x42 to 0xfe.</param>
    public HypervisorVectors(
        VectorAllocatorKind kind, DestinationMode destination, int cpus, int firstSystemVector = VectorLayout.DefaultFirstSystemVector)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cpus, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cpus, destination == DestinationMode.Flat ? VectorModel.FlatCpuLimit : CpuMask.MaxCpus);
        _kind = kind;
        _cpus = cpus;
        if (VectorModel.IsGlobal(kind))
        {
            _global = new GlobalSearch(kind, destination == DestinationMode.Flat);
        }
        else if (kind == VectorAllocatorKind.Linux)
        {
            _matrix = new MatrixSearch(cpus);
        }
        else
        {
            _rotor = new RotorSearch(VectorLayout.For(kind, firstSystemVector), VectorModel.IsFlat(kind, destination));
        }
    }

    [MemoryPackConstructor]
    private HypervisorVectors()
    {
    }

    /// <summary>pCPUs online.</summary>
    [MemoryPackIgnore]
    public CpuMask OnlineCpus => _online;

    /// <summary>True when nothing is under way and nothing waits; cleanup interrupts may still be on their way.</summary>
    [MemoryPackIgnore]
    public bool IsIdle => _unanswered == 0 && _jobs.Count == 0;

    /// <summary>Linux: the matrix counters; null for every other allocator.</summary>
    [MemoryPackIgnore]
    public MatrixSearch? Matrix => _matrix;

    /// <summary>One more than the highest irq known.</summary>
    [MemoryPackIgnore]
    public int IrqLimit => _irqs.Count;

    /// <summary>irqs that hold two vectors.</summary>
    [MemoryPackIgnore]
    public int Moving
    {
        get
        {
            var moving = 0;
            foreach (var irq in _irqs)
            {
                moving += irq is { MoveState: IrqMoveState.Moving or IrqMoveState.Cleanup } ? 1 : 0;
            }

            return moving;
        }
    }

    /// <summary>The descriptor of an irq, or null when it was never used.</summary>
    public IrqDescriptor? Descriptor(int irq) => (uint)irq < (uint)_irqs.Count ? _irqs[irq] : null;

    /// <summary>A pCPU comes online.</summary>
    public void BringOnline(int cpu) => Enqueue(new VectorJob(VectorOp.Online, -1, CheckCpu(cpu), -1, CpuMask.None));

    /// <summary>
    /// A pCPU leaves: its irqs are moved off it first. Linux refuses with -ENOSPC when the others have not room for them; Xen does not, and an irq that finds no
    /// vector stays where it can no longer be served. Interrupts that were pending there are the pCPU's to report once the outcome is known.
    /// </summary>
    public void TakeOffline(int cpu) => Enqueue(new VectorJob(VectorOp.Offline, -1, CheckCpu(cpu), -1, CpuMask.None));

    /// <summary>Gives <paramref name="irq"/> a vector on one of <paramref name="mask"/>, or moves it there at once.</summary>
    public void Assign(int irq, CpuMask mask) => Enqueue(new VectorJob(VectorOp.Assign, irq, -1, -1, mask));

    /// <summary>Stores a new affinity; the next interrupt puts it into effect. An error then leaves the irq where it is, without a word to the caller.</summary>
    public void SetAffinity(int irq, CpuMask mask) => Enqueue(new VectorJob(VectorOp.SetAffinity, irq, -1, -1, mask));

    /// <summary>A pCPU reports an interrupt that it was told to watch for (<see cref="CpuVectors.Take"/>).</summary>
    public void Interrupted(int irq, int cpu, int vector) => Enqueue(new VectorJob(VectorOp.FirstInterrupt, irq, cpu, vector, CpuMask.None));

    /// <summary>Gives up the irq's vectors, promise included. Old entries in cleanup are still erased by the cleanup interrupt (<see cref="IrqDescriptor.IsFree"/>).</summary>
    public void Free(int irq) => Enqueue(new VectorJob(VectorOp.Free, irq, -1, -1, CpuMask.None));

    /// <summary>Yields the next question to a pCPU.</summary>
    public bool TryNextRequest(out VectorRequest request) => _requests.TryDequeue(out request);

    /// <summary>Yields how the next operation ended.</summary>
    public bool TryNextOutcome(out VectorOutcome outcome) => _outcomes.TryDequeue(out outcome);

    /// <summary>Takes in a pCPU's reply, or its word that the cleanup interrupt erased an entry.</summary>
    public void Digest(in VectorReply reply)
    {
        _matrix?.Note(reply);
        if (reply.Erased)
        {
            Descriptor(reply.Irq)?.Cleaned(reply.Cpu);
            Advance();
            return;
        }

        _unanswered--;
        if (_searching)
        {
            Go(_rotor?.Digest(reply) ?? _matrix?.Digest(reply) ?? _global!.Digest(reply));
        }
        else if (reply is { Ask: VectorAsk.Retire, Granted: false })
        {
            // Nothing left to erase there: the pCPU went away and came back with an empty table.
            Descriptor(reply.Irq)?.Cleaned(reply.Cpu);
        }

        Advance();
    }

    private void Enqueue(in VectorJob job)
    {
        _jobs.Add(job);
        Advance();
    }

    private void Advance()
    {
        while (_unanswered == 0 && _jobs.Count > 0)
        {
            _current = _jobs[0];
            _jobs.RemoveAt(0);
            _keepOld = false;
            _warned = false;
            Start();
        }
    }

    private void Start()
    {
        switch (_current.Op)
        {
            case VectorOp.Online:
                StartOnline();
                break;
            case VectorOp.Offline:
                StartOffline();
                break;
            case VectorOp.Leave:
                Leave();
                break;
            case VectorOp.Fixup:
                StartFixup();
                break;
            case VectorOp.Assign or VectorOp.Move:
                StartAssign(_current.Mask);
                break;
            case VectorOp.SetAffinity:
                StoreAffinity();
                break;
            case VectorOp.FirstInterrupt:
                TakeReport();
                break;
            case VectorOp.Free:
                GiveUp();
                break;
            default:
                StartLinux();
                break;
        }
    }

    // Puts the next question of a search out, or ends the operation.
    private void Go(in VectorStep step)
    {
        _searching = !step.IsDone;
        if (_searching)
        {
            Post(step.Request);
        }
        else
        {
            EndSearch(step);
        }
    }

    private void Post(in VectorRequest request)
    {
        _requests.Enqueue(request);
        _unanswered++;
    }

    private void PostAll(VectorAsk ask, in CpuMask cpus, int irq, int vector, bool managed = false)
    {
        foreach (var cpu in cpus)
        {
            Post(new VectorRequest(ask, cpu, irq, vector, Managed: managed));
        }
    }

    private void End(int rc, bool moved = false)
    {
        var descriptor = Descriptor(_current.Irq);
        _outcomes.Enqueue(new VectorOutcome(
            _current.Op switch
            {
                VectorOp.Leave => VectorOp.Offline,
                VectorOp.Promise => VectorOp.Deactivate,
                var op => op,
            },
            _current.Irq,
            _current.Cpu,
            rc,
            moved,
            descriptor?.Vector ?? -1,
            descriptor?.Cpus ?? CpuMask.None,
            _warned));
    }

    private int CheckCpu(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)cpu, (uint)_cpus, nameof(cpu));
        return cpu;
    }

    private IrqDescriptor DescriptorOf(int irq)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(irq);
        while (_irqs.Count <= irq)
        {
            _irqs.Add(null);
        }

        return _irqs[irq] ??= new IrqDescriptor(irq);
    }
}
