using IoScale.Hardware.Numbers;
using MemoryPack;

namespace IoScale.Hardware.Traffic;

/// <summary>
/// The client of a request/response flow: a closed loop that keeps a number of requests under way, sends the next when a response has come, and tries
/// again when none comes. A transaction counts from the first attempt to the response.
/// </summary>
[MemoryPackable]
public sealed partial class RequestClient
{
    /// <summary>Significant digits of latencies.</summary>
    public const int LatencyDigits = 2;

    [MemoryPackInclude]
    private List<PendingRequest> _pending = [];

    [MemoryPackInclude]
    private Queue<AnnouncedResponse> _announced = new();

    // Responses of the oldest announcement that have come.
    [MemoryPackInclude]
    private int _takenOfOldest;

    [MemoryPackInclude]
    private int _limit;

    [MemoryPackInclude]
    private long _timeoutPs;

    [MemoryPackInclude]
    private long _mostPs;

    [MemoryPackInclude]
    private LatencyHistogram _latency = new(LatencyDigits);

    /// <param name="limit">Requests under way, at least 1.</param>
    /// <param name="leastRoundTripPs">What the way there and back takes at least.</param>
    public RequestClient(int limit, long leastRoundTripPs = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(leastRoundTripPs);
        _limit = limit;
        _timeoutPs = TransportTimeouts.OpeningPs + leastRoundTripPs;
        _mostPs = TransportTimeouts.LeastPs + leastRoundTripPs;
    }

    [MemoryPackConstructor]
    private RequestClient()
    {
    }

    /// <summary>Transactions done since the last reset, and how long they took.</summary>
    [MemoryPackIgnore]
    public LatencyHistogram Latency => _latency;

    /// <summary>When a request has waited too long; <see cref="long.MaxValue"/> when none waits.</summary>
    [MemoryPackIgnore]
    public long DeadlinePs
    {
        get
        {
            long oldest = long.MaxValue;
            foreach (PendingRequest request in _pending)
            {
                oldest = request.Lost ? oldest : Math.Min(oldest, request.SentPs + _timeoutPs);
            }

            return oldest;
        }
    }

    /// <summary>Requests to send now: those to be tried again, and new ones up to the limit.</summary>
    public int Take(long nowPs)
    {
        int frames = 0;
        int underWay = 0;
        for (int i = 0; i < _pending.Count; i++)
        {
            PendingRequest request = _pending[i];
            underWay += request.Count;
            if (request.Lost)
            {
                frames += request.Count;
                _pending[i] = request with { SentPs = nowPs, Lost = false };
            }
        }

        if (underWay < _limit)
        {
            frames += _limit - underWay;
            _pending.Add(new PendingRequest(nowPs, nowPs, _limit - underWay, false));
        }

        return frames;
    }

    /// <summary>The server has handled requests and sends their responses.</summary>
    /// <param name="sentPs">When the requests were sent.</param>
    /// <param name="responsePs">When their responses set out.</param>
    public void Announce(long sentPs, int count, long responsePs) => _announced.Enqueue(new AnnouncedResponse(responsePs, sentPs, count));

    /// <summary>Responses have come. Announced responses that set out before them are lost: the way of a flow keeps its order.</summary>
    /// <param name="responsePs">When they set out.</param>
    /// <param name="lastPs">When the last of them came, the others at equal distances of <paramref name="spacingPs"/> before.</param>
    public void Respond(long responsePs, int count, long lastPs, long spacingPs = 0)
    {
        while (_announced.TryPeek(out AnnouncedResponse oldest) && oldest.ResponsePs < responsePs)
        {
            Forget();
        }

        while (count > 0 && _announced.TryPeek(out AnnouncedResponse oldest) && oldest.ResponsePs == responsePs)
        {
            count--;
            Complete(oldest.SentPs, lastPs - (count * spacingPs));
            _takenOfOldest++;
            if (_takenOfOldest == oldest.Count)
            {
                Forget();
            }
        }
    }

    /// <summary>The deadline is over: what has waited so long is to be sent again.</summary>
    public void TimeOut(long nowPs)
    {
        for (int i = 0; i < _pending.Count; i++)
        {
            PendingRequest request = _pending[i];
            if (request.SentPs + _timeoutPs <= nowPs)
            {
                _pending[i] = request with { Lost = true };
            }
        }

        _timeoutPs = Math.Min(_mostPs, 2 * _timeoutPs);
    }

    /// <summary>Forgets the transactions done so far.</summary>
    public void ResetLatency() => _latency = new LatencyHistogram(LatencyDigits);

    private void Forget()
    {
        _announced.Dequeue();
        _takenOfOldest = 0;
    }

    /// <summary>A response to the first attempt counts as much as one to the last; one to a request that is done already does not.</summary>
    private void Complete(long sentPs, long donePs)
    {
        int i = 0;
        while (i < _pending.Count && _pending[i].SentPs != sentPs && _pending[i].FirstPs != sentPs)
        {
            i++;
        }

        if (i == _pending.Count)
        {
            return;
        }

        PendingRequest request = _pending[i];
        _latency.Record(donePs - request.FirstPs);
        _timeoutPs = _mostPs;
        if (request.Count > 1)
        {
            _pending[i] = request with { Count = request.Count - 1 };
        }
        else
        {
            _pending.RemoveAt(i);
        }
    }
}
