using IoScale.Hardware.Numbers;
using MemoryPack;

namespace IoScale.Hardware.Guest;

/// <summary>
/// A receive ring in guest memory: the descriptors that the driver has posted, and the frames that the VF has written and the driver has not taken.
/// Frames are decided when somebody looks, with the times at which they arrived.
/// </summary>
[MemoryPackable]
public sealed partial class GuestRing
{
    [MemoryPackInclude]
    private RxRing _descriptors = null!;

    [MemoryPackInclude]
    private TrainQueue _written = new();

    [MemoryPackInclude]
    private long _writtenFrames;

    [MemoryPackInclude]
    private long _lost;

    [MemoryPackConstructor]
    private GuestRing()
    {
    }

    /// <param name="descriptors">Descriptors of the ring; none is posted yet.</param>
    /// <param name="flows">Flows whose drops are counted apart: those with a lower index; 0 for none.</param>
    public GuestRing(int descriptors, int flows = 0) => _descriptors = new RxRing(descriptors, flows);

    /// <summary>Frames lost: no descriptor at their arrival, or in the ring at a reset.</summary>
    [MemoryPackIgnore]
    public long Dropped => _descriptors.Dropped + _lost;

    /// <summary>Frames of a flow that found no descriptor; 0 where flows are not counted apart.</summary>
    public long DroppedOf(int flow) => _descriptors.DroppedOf(flow);

    /// <summary>Frames in the ring or on their way into it.</summary>
    [MemoryPackIgnore]
    public long HeldFrames => _writtenFrames + _descriptors.Undecided;

    /// <summary>Frames are on their way; the first arrives now or later.</summary>
    public void Offer(in FrameTrain train, long nowPs)
    {
        _descriptors.Offer(train);
        Settle(nowPs);
    }

    /// <summary>Frames that the driver would find in the ring now, counted up to <paramref name="limit"/>.</summary>
    public int Waiting(long nowPs, int limit)
    {
        Settle(nowPs);
        int waiting = 0;
        for (int i = 0; i < _written.Count && waiting < limit; i++)
        {
            FrameTrain train = _written[i];
            int here = train.ArrivedBy(nowPs);
            waiting += here;
            if (here < train.Count)
            {
                break;
            }
        }

        return Math.Min(waiting, limit);
    }

    /// <summary>Takes frames out of the ring, oldest first: one train of at most <paramref name="limit"/> frames.</summary>
    public bool TryTake(long nowPs, int limit, out FrameTrain frames)
    {
        bool taken = _written.TryTake(nowPs, limit, out frames);
        _writtenFrames -= frames.Count;
        return taken;
    }

    /// <summary>The driver posts descriptors.</summary>
    public void Post(long nowPs, int count)
    {
        Settle(nowPs);
        _descriptors.Bump(nowPs, count);
        Settle(nowPs);
    }

    /// <summary>Function-level reset: what is in the ring is lost, and no descriptor is posted.</summary>
    public void Reset(long nowPs)
    {
        Settle(nowPs);
        _lost += _writtenFrames;
        _writtenFrames = 0;
        _written.Clear();
        _descriptors.Reset();
    }

    private void Settle(long nowPs)
    {
        while (_descriptors.TryAccept(nowPs, out FrameTrain accepted))
        {
            _written.Enqueue(accepted);
            _writtenFrames += accepted.Count;
        }
    }
}
