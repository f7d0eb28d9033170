using IoScale.Hardware.Platform;
using MemoryPack;

namespace IoScale.Hardware.Vectors;

/// <summary>
/// The hypervisor's half of the allocators with a rotor (xen-2009-percpu, xen, linux-2.6.32). pCPUs are asked in ascending order until one has a vector; there is no
/// balancing. The rotor is common to all pCPUs and moves on success only. Where an allocation takes several pCPUs, the lowest proposes, the others confirm, and a refusal
/// sends the search back to the lowest, from the vector refused on: the outcome is that of a loop that looks at all tables at once.
/// </summary>
[MemoryPackable]
public sealed partial class RotorSearch
{
    [MemoryPackInclude]
    private int _cursor;
    [MemoryPackInclude]
    private int _offset;
    [MemoryPackInclude]
    private bool _flat;
    [MemoryPackInclude]
    private Phase _phase;
    [MemoryPackInclude]
    private int _irq;
    [MemoryPackInclude]
    private bool _watch;
    [MemoryPackInclude]
    private int _cpu;
    [MemoryPackInclude]
    private CpuMask _candidates;
    [MemoryPackInclude]
    private CpuMask _online;
    [MemoryPackInclude]
    private CpuMask _domain;
    [MemoryPackInclude]
    private CpuMask _claimed;
    [MemoryPackInclude]
    private int _vector;
    [MemoryPackInclude]
    private int _column;

    /// <summary>A search with its rotor at the start of the layout.</summary>
    public RotorSearch(VectorLayout layout, bool flat)
    {
        _cursor = layout.First;
        _flat = flat;
    }

    [MemoryPackConstructor]
    private RotorSearch()
    {
    }

    private enum Phase : byte
    {
        Idle,
        Proposing,
        Confirming,
        Undoing,
    }

    /// <summary>Starts to look for a vector for <paramref name="irq"/> on the online members of <paramref name="mask"/>.</summary>
    /// <param name="watch">The first interrupt at the new vector is to be reported.</param>
    public VectorStep Begin(int irq, in CpuMask mask, in CpuMask online, bool watch)
    {
        _irq = irq;
        _watch = watch;
        _online = online;
        _candidates = mask.And(online);
        return NextCpu(-1);
    }

    /// <summary>Takes in a pCPU's answer to the last question.</summary>
    public VectorStep Digest(in VectorReply reply)
    {
        switch (_phase)
        {
            case Phase.Proposing:
                if (!reply.Granted)
                {
                    return NextCpu(_cpu);
                }

                _vector = reply.Vector;
                _column = reply.Offset;
                _claimed = CpuMask.Single(reply.Cpu);
                return Confirm();
            case Phase.Confirming:
                if (!reply.Granted)
                {
                    _phase = Phase.Undoing;
                    return Undo();
                }

                _claimed = _claimed.With(reply.Cpu);
                return Confirm();
            case Phase.Undoing:
                _claimed = _claimed.Without(reply.Cpu);
                return Undo();
            default:
                throw new InvalidOperationException($"no search is under way that {reply} could answer");
        }
    }

    private VectorStep NextCpu(int after)
    {
        _cpu = _candidates.Next(after);
        if (_cpu < 0)
        {
            _phase = Phase.Idle;
            return VectorStep.Failed(VectorErrors.NoSpace);
        }

        _domain = _flat ? _online : CpuMask.Single(_cpu);
        _vector = _cursor;
        _column = _offset;
        return Propose();
    }

    private VectorStep Propose()
    {
        _phase = Phase.Proposing;
        return VectorStep.Ask(new VectorRequest(VectorAsk.Propose, _domain.First, _irq, _vector, _column, _cursor, _watch));
    }

    private VectorStep Confirm()
    {
        var next = _domain.AndNot(_claimed).First;
        if (next >= 0)
        {
            _phase = Phase.Confirming;
            return VectorStep.Ask(new VectorRequest(VectorAsk.TryClaim, next, _irq, _vector, Watch: _watch));
        }

        _phase = Phase.Idle;
        _cursor = _vector;
        _offset = _column;
        return VectorStep.Found(_vector, _domain);
    }

    private VectorStep Undo()
    {
        var next = _claimed.First;
        return next >= 0 ? VectorStep.Ask(new VectorRequest(VectorAsk.Release, next, _irq, _vector)) : Propose();
    }
}
