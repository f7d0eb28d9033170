using MemoryPack;

namespace IoScale.Hardware.Numbers;

/// <summary>
/// Receive descriptors of one queue as the NIC sees them. A frame takes a descriptor at its arrival or, finding none, is dropped. Descriptors that are
/// posted stay posted, so frames still to arrive can be promised the ones there are: a train is accepted in as few pieces as there are tail bumps
/// that matter, with the counts and times its frames would get one by one.
/// <para>The owner offers a train, drains <see cref="TryAccept"/>, and does so again after a bump and at <see cref="LookAgainPs"/>.</para>
/// <para>Tie: a frame that arrives at the instant of a tail bump arrives before it. Trains that overlap share the descriptors by arrival, at the same instant
/// in order of offer; but what was promised to a train is not taken back for one offered later.</para>
/// </summary>
[MemoryPackable]
public sealed partial class RxRing
{
    /// <summary>"Never" in times.</summary>
    public const long Never = long.MaxValue;

    [MemoryPackInclude]
    private int _descriptors;

    [MemoryPackInclude]
    private int _free;

    [MemoryPackInclude]
    private long _acceptedTotal;

    [MemoryPackInclude]
    private long _droppedTotal;

    // By flow; null where nobody asks for it.
    [MemoryPackInclude]
    private long[]? _droppedByFlow;

    // Trains not decided to the last frame.
    [MemoryPackInclude]
    private TrainQueue _coming = new();

    /// <param name="descriptors">Descriptors that the driver can have posted at once. The ring starts with none posted.</param>
    /// <param name="flows">Flows whose drops are counted apart: those with a lower index; 0 for none.</param>
    public RxRing(int descriptors, int flows = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(descriptors, 1);
        _descriptors = descriptors;
        _droppedByFlow = flows == 0 ? null : new long[flows];
    }

    [MemoryPackConstructor]
    private RxRing()
    {
    }

    /// <summary>Descriptors posted and not promised.</summary>
    [MemoryPackIgnore]
    public int Free => _free;

    /// <summary>Frames that got a descriptor.</summary>
    [MemoryPackIgnore]
    public long Accepted => _acceptedTotal;

    /// <summary>Frames that found none.</summary>
    [MemoryPackIgnore]
    public long Dropped => _droppedTotal;

    /// <summary>Frames of a flow that found no descriptor; 0 where flows are not counted apart.</summary>
    public long DroppedOf(int flow) => _droppedByFlow?[flow] ?? 0;

    /// <summary>Frames offered and not decided.</summary>
    [MemoryPackIgnore]
    public long Undecided
    {
        get
        {
            long frames = 0;
            for (int i = 0; i < _coming.Count; i++)
            {
                frames += _coming[i].Count;
            }

            return frames;
        }
    }

    /// <summary>Arrival of the first undecided frame: unless descriptors are posted before, it will be dropped then. Never, when all are decided.</summary>
    [MemoryPackIgnore]
    public long LookAgainPs => _coming.Count == 0 ? Never : _coming[Earliest(out _)].FirstPs;

    /// <summary>A train is on its way; its first frame arrives now or later.</summary>
    public void Offer(in FrameTrain train)
    {
        if (train.Count > 0)
        {
            _coming.Enqueue(train);
        }
    }

    /// <summary>
    /// Gives the next piece of a train for which there are descriptors, in order of arrival, frames included that arrive later; drops frames that arrived
    /// up to and at <paramref name="nowPs"/> and found none.
    /// </summary>
    /// <returns>False when nothing more can be accepted as things stand.</returns>
    public bool TryAccept(long nowPs, out FrameTrain accepted)
    {
        while (_coming.Count > 0)
        {
            int i = Earliest(out long boundPs);
            ref FrameTrain train = ref _coming[i];
            int frames = train.ArrivedBy(_free > 0 ? boundPs : nowPs);
            if (_free > 0)
            {
                frames = Math.Min(frames, _free);
                accepted = train.Take(frames);
                _free -= frames;
                _acceptedTotal += frames;
                Decide(i, frames);
                return true;
            }

            if (frames == 0)
            {
                break;
            }

            _droppedTotal += frames;
            if (_droppedByFlow is not null)
            {
                _droppedByFlow[train.FlowId] += frames;
            }

            Decide(i, frames);
        }

        accepted = default;
        return false;
    }

    /// <summary>The driver posts descriptors. Frames that arrive up to and at this instant without a descriptor are dropped first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than the ring holds.</exception>
    /// <exception cref="InvalidOperationException">Frames that can be accepted were not taken with <see cref="TryAccept"/> before.</exception>
    public void Bump(long nowPs, int count)
    {
        if (count < 0 || count > _descriptors - _free)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"{_free} of {_descriptors} descriptors are posted");
        }

        if (_free == 0)
        {
            TryAccept(nowPs, out _);
        }
        else if (_coming.Count > 0)
        {
            throw new InvalidOperationException("frames wait to be accepted");
        }

        _free += count;
    }

    /// <summary>Function-level reset: no descriptor is posted. What is undecided will be dropped as it arrives.</summary>
    public void Reset() => _free = 0;

    private void Decide(int i, int frames)
    {
        if (frames == _coming[i].Count)
        {
            _coming.RemoveAt(i);
        }
        else
        {
            _coming[i] = _coming[i].Skip(frames);
        }
    }

    /// <summary>The coming train whose next frame arrives first, and the last instant at which its frames still go before every other train's.</summary>
    private int Earliest(out long boundPs)
    {
        int first = 0;
        for (int i = 1; i < _coming.Count; i++)
        {
            if (_coming[i].FirstPs < _coming[first].FirstPs)
            {
                first = i;
            }
        }

        boundPs = Never;
        for (int i = 0; i < _coming.Count; i++)
        {
            if (i != first)
            {
                // Offered earlier, it wins ties.
                boundPs = Math.Min(boundPs, i < first ? _coming[i].FirstPs - 1 : _coming[i].FirstPs);
            }
        }

        return first;
    }
}
