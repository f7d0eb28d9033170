using MemoryPack;

namespace IoScale.Hardware.Traffic;

/// <summary>
/// The sending end of a TCP connection, counted in frames: slow start, additive increase of one frame a round, a window halved at most once a
/// round on loss, a retransmission timeout that doubles (RFC 5681, RFC 6298). There are no sequence numbers: an acknowledgement says how many frames of
/// those sent at one time have arrived. The way of a flow keeps its order, so frames sent earlier than those acknowledged are lost; frames
/// sent together with them may still be under way, and if nothing comes behind them the timeout finds out. Lost frames are sent again, as new ones.
/// </summary>
[MemoryPackable]
public sealed partial class TcpSender
{
    /// <summary>Window at the start: three full frames (RFC 3390).</summary>
    public const int InitialWindow = 3;

    /// <summary>Least threshold of slow start (RFC 5681).</summary>
    public const int LeastThreshold = 2;

    private const int MostDoublings = 16;

    [MemoryPackInclude]
    private Queue<SentFrames> _sent = new();

    // Frames of the oldest entry that are acknowledged already.
    [MemoryPackInclude]
    private int _acknowledgedOfOldest;

    [MemoryPackInclude]
    private int _limit;

    [MemoryPackInclude]
    private long _openingPs;

    [MemoryPackInclude]
    private int _window;

    [MemoryPackInclude]
    private int _threshold;

    // Frames acknowledged since the window last grew by one.
    [MemoryPackInclude]
    private int _grown;

    [MemoryPackInclude]
    private int _inFlight;

    [MemoryPackInclude]
    private int _waiting;

    [MemoryPackInclude]
    private bool _open;

    // Losses of frames sent before this belong to the cut made then.
    [MemoryPackInclude]
    private long _cutPs;

    [MemoryPackInclude]
    private long _progressPs;

    [MemoryPackInclude]
    private int _doublings;

    [MemoryPackInclude]
    private long _roundTripPs;

    [MemoryPackInclude]
    private long _deviationPs;

    [MemoryPackInclude]
    private long _losses;

    /// <param name="limit">The largest window, and the room of the application's send buffer, in frames; at least 1.</param>
    /// <param name="leastRoundTripPs">What the way there and back takes at least.</param>
    public TcpSender(int limit, long leastRoundTripPs = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(leastRoundTripPs);
        _limit = limit;
        _openingPs = TransportTimeouts.OpeningPs + leastRoundTripPs;
        _window = Math.Min(InitialWindow, limit);
        _threshold = limit;
    }

    [MemoryPackConstructor]
    private TcpSender()
    {
    }

    /// <summary>Frames that may be in flight, 1 to the limit.</summary>
    [MemoryPackIgnore]
    public int Window => _window;

    /// <summary>Frames sent that are neither acknowledged nor known to be lost.</summary>
    [MemoryPackIgnore]
    public int InFlight => _inFlight;

    /// <summary>Times that the window was cut because of a loss, timeouts included; those before the first acknowledgement are not.</summary>
    [MemoryPackIgnore]
    public long Losses => _losses;

    /// <summary>The send buffer has no room: the application waits.</summary>
    [MemoryPackIgnore]
    public bool Full => _waiting >= _limit;

    /// <summary>When the retransmission timeout is over; <see cref="long.MaxValue"/> while nothing is in flight.</summary>
    [MemoryPackIgnore]
    public long DeadlinePs => _inFlight == 0 ? long.MaxValue : _progressPs + TimeoutPs;

    private long TimeoutPs
    {
        get
        {
            long once = _open ? Math.Max(TransportTimeouts.LeastPs, _roundTripPs + (4 * _deviationPs)) : _openingPs;
            return Math.Min(TransportTimeouts.MostPs, once << _doublings);
        }
    }

    /// <summary>The application writes frames.</summary>
    public void Write(int frames) => _waiting += frames;

    /// <summary>Frames to send now: what is written or lost, as far as the window has room.</summary>
    public int Take(long nowPs)
    {
        int frames = Math.Min(_waiting, _window - _inFlight);
        if (frames <= 0)
        {
            return 0;
        }

        _progressPs = _inFlight == 0 ? nowPs : _progressPs;
        _waiting -= frames;
        _inFlight += frames;
        _sent.Enqueue(new SentFrames(nowPs, frames));
        return frames;
    }

    /// <summary>Frames have arrived. An acknowledgement of frames already given up changes nothing.</summary>
    /// <param name="sentPs">When they were sent.</param>
    public void Acknowledge(long nowPs, long sentPs, int count)
    {
        bool used = _inFlight >= _window;
        bool cut = false;
        int lost = 0;
        while (_sent.TryPeek(out SentFrames oldest) && oldest.SentPs < sentPs)
        {
            cut |= oldest.SentPs >= _cutPs;
            lost += Forget(oldest);
        }

        int arrived = 0;
        while (arrived < count && _sent.TryPeek(out SentFrames oldest) && oldest.SentPs == sentPs)
        {
            int taken = Math.Min(count - arrived, oldest.Count - _acknowledgedOfOldest);
            arrived += taken;
            _acknowledgedOfOldest += taken;
            if (_acknowledgedOfOldest == oldest.Count)
            {
                Forget(oldest);
            }
        }

        if (lost + arrived == 0)
        {
            return;
        }

        _inFlight -= lost + arrived;
        _waiting += lost;
        _progressPs = nowPs;
        _doublings = 0;
        Measure(nowPs - sentPs);
        if (cut)
        {
            Cut(nowPs);
            _window = _threshold;
        }
        else if (used && sentPs >= _cutPs)
        {
            Grow(arrived);
        }
    }

    /// <summary>The deadline is over: everything in flight is lost, the next timeout is twice as long.</summary>
    public void TimeOut(long nowPs)
    {
        _waiting += _inFlight;
        _inFlight = 0;
        _acknowledgedOfOldest = 0;
        _sent.Clear();
        _doublings = Math.Min(_doublings + 1, MostDoublings);
        if (_open)
        {
            Cut(nowPs);
            _window = 1;
        }
    }

    private int Forget(SentFrames oldest)
    {
        int left = oldest.Count - _acknowledgedOfOldest;
        _acknowledgedOfOldest = 0;
        _sent.Dequeue();
        return left;
    }

    private void Cut(long nowPs)
    {
        _losses++;
        _threshold = Math.Min(_limit, Math.Max(LeastThreshold, _window / 2));
        _grown = 0;
        _cutPs = nowPs;
    }

    private void Grow(int arrived)
    {
        if (_window < _threshold)
        {
            _window = Math.Min(_threshold, _window + arrived);
            return;
        }

        for (_grown += arrived; _grown >= _window && _window < _limit; _window++)
        {
            _grown -= _window;
        }

        _grown = _window == _limit ? 0 : _grown;
    }

    private void Measure(long samplePs)
    {
        if (!_open)
        {
            _open = true;
            _roundTripPs = samplePs;
            _deviationPs = samplePs / 2;
            return;
        }

        _deviationPs += (Math.Abs(samplePs - _roundTripPs) - _deviationPs) / 4;
        _roundTripPs += (samplePs - _roundTripPs) / 8;
    }
}
