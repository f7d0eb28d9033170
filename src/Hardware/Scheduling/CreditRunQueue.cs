using System.Diagnostics.CodeAnalysis;
using IoScale.Hardware.Platform;
using MemoryPack;

namespace IoScale.Hardware.Scheduling;

/// <summary>What to run from now on.</summary>
/// <param name="Unit">Id of the vCPU, or -1 for idle.</param>
/// <param name="Switched">Another one than before.</param>
/// <param name="LookAgainPs">When to call <see cref="CreditRunQueue.Schedule"/> again at the latest: end of slice or of the rate limit; never when idle.</param>
public readonly record struct ScheduleDecision(int Unit, bool Switched, long LookAgainPs);

/// <summary>
/// Xen's credit scheduler on one pCPU. Queue in order of priority, first come first served within one; credits burn while running, are distributed every
/// slice, and decide between UNDER and OVER; who wakes with credit left goes to the front (BOOST) until the next tick.
/// The owner calls <see cref="Tick"/> every tick and <see cref="Schedule"/> when told to.
/// </summary>
[MemoryPackable]
public sealed partial class CreditRunQueue
{
    /// <summary>"No vCPU" in results.</summary>
    public const int Idle = -1;

    /// <summary>"Never" in times.</summary>
    public const long Never = long.MaxValue;

    [MemoryPackInclude]
    private int _pcpu;

    [MemoryPackInclude]
    private long _slicePs;

    [MemoryPackInclude]
    private long _tickPs;

    [MemoryPackInclude]
    private long _rateLimitPs;

    [MemoryPackInclude]
    private bool _boost;

    // All vCPUs that live here, in order of arrival.
    [MemoryPackInclude]
    private List<RunUnit> _units = [];

    // Ids of the queued ones, in the order they will run.
    [MemoryPackInclude]
    private List<int> _queue = [];

    [MemoryPackInclude]
    private int _currentId = Idle;

    [MemoryPackInclude]
    private long _ranFromPs;

    [MemoryPackInclude]
    private long _burnedToPs;

    [MemoryPackInclude]
    private int _ticks;

    public CreditRunQueue(int pcpu, SchedulerSpec spec)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.TickPs, 1, nameof(spec));
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.SlicePs, spec.TickPs, nameof(spec));
        _pcpu = pcpu;
        _slicePs = spec.SlicePs;
        _tickPs = spec.TickPs;
        _rateLimitPs = spec.RateLimitPs;
        _boost = spec.Boost;
    }

    [MemoryPackConstructor]
    private CreditRunQueue()
    {
    }

    /// <summary>The vCPU that runs, or -1.</summary>
    [MemoryPackIgnore]
    public int Current => _currentId;

    /// <summary>Priority of what runs; a peer uses it to decide what it may take from here, and this pCPU what it may take from peers.</summary>
    [MemoryPackIgnore]
    public RunPriority CurrentPriority => _currentId == Idle ? RunPriority.Idle : Find(_currentId).Priority;

    /// <summary>vCPUs queued or running.</summary>
    [MemoryPackIgnore]
    public int RunnableCount => _queue.Count + (_currentId == Idle ? 0 : 1);

    /// <summary>vCPUs that live here.</summary>
    [MemoryPackIgnore]
    public IReadOnlyList<RunUnit> Units => _units;

    private int SliceCredits => (int)(_slicePs / CreditAccounting.PsPerCredit);

    /// <summary>Adds a vCPU: new, or with what it brings from another pCPU. If it is runnable it queues, without boost.</summary>
    /// <returns>True when <see cref="Schedule"/> is due.</returns>
    public bool Insert(RunUnit unit)
    {
        if (!unit.MayRunOn(_pcpu) || Has(unit.Id))
        {
            throw new InvalidOperationException($"vCPU {unit.Id} cannot join pCPU {_pcpu}");
        }

        _units.Add(unit);
        if (unit.Runnable)
        {
            Enqueue(unit);
        }

        return unit.Runnable && unit.Priority < CurrentPriority;
    }

    /// <summary>Takes a vCPU out to move it. If it was running, <see cref="Schedule"/> is due.</summary>
    public RunUnit Remove(int id, long nowPs)
    {
        RunUnit unit = Find(id);
        if (id == _currentId)
        {
            Burn(nowPs);
            _currentId = Idle;
        }

        _queue.Remove(id);
        _units.Remove(unit);
        return unit;
    }

    public bool Has(int id)
    {
        foreach (RunUnit unit in _units)
        {
            if (unit.Id == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A vCPU has something to do.</summary>
    /// <returns>True when it should preempt what runs: <see cref="Schedule"/> is due.</returns>
    public bool Wake(int id)
    {
        RunUnit unit = Find(id);
        if (unit.Runnable)
        {
            return false;
        }

        unit.Runnable = true;
        if (_boost && unit.Priority == RunPriority.Under)
        {
            unit.Priority = RunPriority.Boost;
        }

        Enqueue(unit);
        return unit.Priority < CurrentPriority;
    }

    /// <summary>What runs has nothing more to do: <see cref="Schedule"/> is due.</summary>
    public void Block(long nowPs)
    {
        RunUnit unit = Find(_currentId);
        Burn(nowPs);
        unit.Runnable = false;
        _currentId = Idle;
    }

    /// <summary>What runs lets others go first: it queues behind its priority and behind one of lower priority. <see cref="Schedule"/> is due.</summary>
    public void Yield(long nowPs)
    {
        RunUnit unit = Find(_currentId);
        Burn(nowPs);
        unit.Yielded = true;
        _currentId = Idle;
        Enqueue(unit);
    }

    /// <summary>
    /// Decides what runs from now on: the head of the queue, unless what runs has a higher priority, or is within its slice and no lower, or has run for
    /// less than the rate limit.
    /// </summary>
    public ScheduleDecision Schedule(long nowPs)
    {
        int before = _currentId;
        if (before != Idle)
        {
            Burn(nowPs);
            RunUnit unit = Find(before);
            long ranPs = nowPs - _ranFromPs;
            bool sliceOver = ranPs >= _slicePs;
            if (_queue.Count == 0 || Find(_queue[0]).Priority > unit.Priority || (!sliceOver && Find(_queue[0]).Priority == unit.Priority))
            {
                _ranFromPs = sliceOver ? nowPs : _ranFromPs;
                return new ScheduleDecision(before, false, _ranFromPs + _slicePs);
            }

            if (ranPs < _rateLimitPs)
            {
                return new ScheduleDecision(before, false, _ranFromPs + _rateLimitPs);
            }

            _currentId = Idle;
            Enqueue(unit);
        }

        if (_queue.Count == 0)
        {
            return new ScheduleDecision(Idle, before != Idle, Never);
        }

        _currentId = _queue[0];
        _queue.RemoveAt(0);
        Find(_currentId).Yielded = false;
        _ranFromPs = nowPs;
        _burnedToPs = nowPs;
        return new ScheduleDecision(_currentId, _currentId != before, nowPs + _slicePs);
    }

    /// <summary>The periodic tick: burns, ends a boost, and every slice distributes the credits of this pCPU over the vCPUs active on it.</summary>
    /// <returns>True when <see cref="Schedule"/> is due.</returns>
    public bool Tick(long nowPs)
    {
        if (_currentId != Idle)
        {
            Burn(nowPs);
            RunUnit unit = Find(_currentId);
            unit.Active = true;
            if (unit.Priority == RunPriority.Boost)
            {
                unit.Priority = RunPriority.Under;
            }
        }

        _ticks++;
        if (_ticks * _tickPs >= _slicePs)
        {
            _ticks = 0;
            Account();
        }

        return _queue.Count > 0 && Find(_queue[0]).Priority < CurrentPriority;
    }

    /// <summary>Gives a queued vCPU to a pCPU that has nothing better: the first with strictly higher priority than what that pCPU would run, that has not
    /// yielded and may run there. A pCPU with one runnable vCPU or none gives nothing.</summary>
    /// <param name="thief">Priority of what the other pCPU would run: IDLE or OVER.</param>
    public bool TryTakeFor(RunPriority thief, int thiefPCpu, [NotNullWhen(true)] out RunUnit? unit)
    {
        unit = null;
        if (_currentId == Idle || _queue.Count == 0)
        {
            return false;
        }

        foreach (int id in _queue)
        {
            RunUnit candidate = Find(id);
            if (candidate.Priority < thief && !candidate.Yielded && candidate.MayRunOn(thiefPCpu))
            {
                unit = candidate;
                break;
            }
        }

        if (unit is null)
        {
            return false;
        }

        _queue.Remove(unit.Id);
        _units.Remove(unit);
        return true;
    }

    private void Burn(long nowPs)
    {
        RunUnit unit = Find(_currentId);
        unit.UnpaidPs += nowPs - _burnedToPs;
        int credits = (int)(unit.UnpaidPs / CreditAccounting.PsPerCredit);
        unit.Credit -= credits;
        unit.UnpaidPs -= credits * CreditAccounting.PsPerCredit;
        _burnedToPs = nowPs;
    }
}
