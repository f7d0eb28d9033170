using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IoScale.VirtualTime.Threads;

/// <summary>
/// Where the threads of one island meet, once a window: each says its next event time and hands over what it sent to the others. Everything
/// is kept twice, for even and odd windows, so that one meeting a window is enough: who writes a box again has passed a meeting that its reader
/// attended after emptying it.
/// </summary>
internal sealed class IslandExchange
{
    private readonly Run _run;
    private readonly Seat[] _seats;
    private readonly Outbox[] _boxes;
    private readonly bool _maySpin;

    public IslandExchange(Run run, int seats, long lookahead, bool maySpin)
    {
        _run = run;
        Lookahead = lookahead;
        _maySpin = maySpin;
        _seats = [.. Enumerable.Range(0, seats).Select(_ => new Seat())];
        _boxes = [.. Enumerable.Range(0, seats * seats * 2).Select(_ => new Outbox())];
    }

    /// <summary>Smallest latency of a link from one thread to another.</summary>
    public long Lookahead { get; }

    public void Take(int seat, IslandShare share) => _seats[seat].Share = share;

    /// <summary>Sends an event to another thread's partition; it gets there at the next meeting.</summary>
    public void Post(int from, int to, long time, ulong origin, int target, VirtualMessage message)
    {
        Seat seat = _seats[from];
        seat.EarliestSent = Math.Min(seat.EarliestSent, time);
        Box(from, to, seat.Meetings & 1).Add(time, origin, target, message);
    }

    /// <summary>
    /// Waits until every thread of the island is here. Then <paramref name="next"/> is the island's next event time, and
    /// <paramref name="bound"/> the earliest bound any of them brought: all leave with the same two numbers. False when the run was aborted.
    /// </summary>
    public bool Meet(IslandShare share, ref long next, ref long bound)
    {
        Seat seat = _seats[share.Seat];
        long parity = seat.Meetings & 1;
        seat.Next[(int)parity] = Math.Min(next, seat.EarliestSent);
        seat.Bound[(int)parity] = bound;
        seat.EarliestSent = VirtualDuration.Never;
        long meeting = seat.Meetings + 1;
        Volatile.Write(ref seat.Meetings, meeting);
        for (int i = 0; i < _seats.Length; i++)
        {
            if (i != share.Seat)
            {
                _seats[i].Share.Worker.WakeIfParked();
            }
        }

        if (!share.Worker.Await(_run, new EverybodyHere(this, meeting), _maySpin))
        {
            return false;
        }

        for (int i = 0; i < _seats.Length; i++)
        {
            next = Math.Min(next, _seats[i].Next[(int)parity]);
            bound = Math.Min(bound, _seats[i].Bound[(int)parity]);
            if (i != share.Seat)
            {
                Box(i, share.Seat, parity).Empty(_run);
            }
        }

        return true;
    }

    private bool AllHere(long meeting)
    {
        foreach (Seat seat in _seats)
        {
            if (Volatile.Read(ref seat.Meetings) < meeting)
            {
                return false;
            }
        }

        return true;
    }

    private readonly struct EverybodyHere(IslandExchange exchange, long meeting) : ICondition
    {
        public bool Holds => exchange.AllHere(meeting);
    }

    private Outbox Box(int from, int to, long parity) => _boxes[(((from * _seats.Length) + to) * 2) + (int)parity];

    /// <summary>What a thread says; padded, because every thread of the island reads it while the next window runs.</summary>
    [StructLayout(LayoutKind.Auto)]
    private sealed class Seat
    {
        public Padding Before;
        public long Meetings;
        public long EarliestSent = VirtualDuration.Never;
        public Pair Next;
        public Pair Bound;
        public IslandShare Share = null!;
        public Padding After;
    }

    [InlineArray(2)]
    private struct Pair
    {
        private long _even;
    }

    [InlineArray(16)]
    private struct Padding
    {
        private long _first;
    }
}
