using MemoryPack;

namespace IoScale.Hardware.Pv;

/// <summary>
/// Indexes of the page that netfront and netback share: requests one way, responses the other, both in the same slots. They run freely modulo 2^32; a slot is an
/// index modulo <see cref="Slots"/>. Each side leaves the index at which it wants to be told of more, so that a side that is at work anyway is not
/// notified (Xen public headers io/ring.h; V).
/// </summary>
[MemoryPackable]
public sealed partial class SharedRing
{
    /// <summary>Entries of a page: 336 transmit or 504 receive entries would fit, rounded down to a power of two (V).</summary>
    public const int Slots = 256;

    [MemoryPackInclude]
    private uint _reqProd;

    [MemoryPackInclude]
    private uint _reqEvent;

    [MemoryPackInclude]
    private uint _rspProd;

    [MemoryPackInclude]
    private uint _rspEvent;

    // How far each consumer has come: private to it, not in the page.
    [MemoryPackInclude]
    private uint _reqCons;

    [MemoryPackInclude]
    private uint _rspCons;

    /// <param name="start">Value that all indexes start from.</param>
    public SharedRing(uint start)
    {
        _reqProd = _rspProd = _reqCons = _rspCons = start;
        _reqEvent = _rspEvent = unchecked(start + 1);
    }

    [MemoryPackConstructor]
    public SharedRing()
        : this(0)
    {
    }

    /// <summary>Slots that the frontend may fill: neither requested nor with a response that it has not taken.</summary>
    [MemoryPackIgnore]
    public int FreeRequests => Slots - (int)unchecked(_reqProd - _rspCons);

    /// <summary>Requests that the backend has not taken.</summary>
    [MemoryPackIgnore]
    public int UnconsumedRequests => (int)unchecked(_reqProd - _reqCons);

    /// <summary>Requests that the backend has taken and not answered.</summary>
    [MemoryPackIgnore]
    public int Unanswered => (int)unchecked(_reqCons - _rspProd);

    /// <summary>Responses that the frontend has not taken.</summary>
    [MemoryPackIgnore]
    public int UnconsumedResponses => (int)unchecked(_rspProd - _rspCons);

    /// <summary>The frontend makes requests visible.</summary>
    /// <returns>The backend must be notified.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More than free slots.</exception>
    public bool PushRequests(int count)
    {
        Check(count, FreeRequests);
        return Push(ref _reqProd, _reqEvent, count);
    }

    /// <summary>The backend makes responses visible.</summary>
    /// <returns>The frontend must be notified.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More than requests taken and not answered.</exception>
    public bool PushResponses(int count)
    {
        Check(count, Unanswered);
        return Push(ref _rspProd, _rspEvent, count);
    }

    /// <summary>The backend takes requests.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than there are.</exception>
    public void TakeRequests(int count)
    {
        Check(count, UnconsumedRequests);
        _reqCons = unchecked(_reqCons + (uint)count);
    }

    /// <summary>The frontend takes responses.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than there are.</exception>
    public void TakeResponses(int count)
    {
        Check(count, UnconsumedResponses);
        _rspCons = unchecked(_rspCons + (uint)count);
    }

    /// <summary>The backend is about to stop looking: it asks to be told of the next request, and looks once more.</summary>
    /// <param name="reserved">Requests that it has set aside and not taken yet.</param>
    /// <returns>There are requests: they came before it asked, and nobody will tell.</returns>
    public bool FinalCheckForRequests(int reserved = 0)
    {
        _reqEvent = unchecked(_reqCons + (uint)reserved + 1);
        return UnconsumedRequests > reserved;
    }

    /// <summary>The frontend is about to stop looking: it asks to be told of the next response, and looks once more.</summary>
    /// <returns>There are responses: they came before it asked, and nobody will tell.</returns>
    public bool FinalCheckForResponses()
    {
        _rspEvent = unchecked(_rspCons + 1);
        return UnconsumedResponses > 0;
    }

    /// <summary>The frontend asks to be told when half of what is under way has been answered: it needs the slots, not the news.</summary>
    public void AskForHalfOfResponses() => _rspEvent = unchecked(_rspProd + ((_reqProd - _rspProd) >> 1) + 1);

    /// <summary>Moves a producer index; true when it comes to or past the index at which the other side wants to be told.</summary>
    private static bool Push(ref uint prod, uint wanted, int count)
    {
        uint old = prod;
        prod = unchecked(old + (uint)count);
        return unchecked(prod - wanted) < unchecked(prod - old);
    }

    private static void Check(int count, int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, most);
    }
}
