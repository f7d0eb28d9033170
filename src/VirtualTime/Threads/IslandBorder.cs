using IoScale.VirtualTime.Windows;

namespace IoScale.VirtualTime.Threads;

/// <summary>
/// Where an island leaves this process. Once a window of the processes, when the threads here agree that theirs is done, the first of them sends
/// each peer its batch, waits for theirs, and says what all processes agree on; the others wait for that.
/// </summary>
internal sealed class IslandBorder : IDisposable
{
    private readonly Run _run;
    private readonly IMessageCodec _codec;
    private readonly IWindowChannel _channel;
    private readonly IReadOnlyList<int> _peers;
    private readonly int[] _peerOfSlot;
    private readonly Seat[] _seats;
    private readonly Action<long, ulong, int, VirtualMessage> _accept;
    private long _crossings;
    private WindowTimes _agreed;

    /// <param name="lookahead">Smallest latency of a link that leaves this process or connects two others.</param>
    public IslandBorder(Run run, NodeShare share, IslandPeers peers, int seats, long lookahead)
    {
        _run = run;
        _codec = run.Options.Codec ?? throw new ArgumentException("A run over several processes needs SimulationOptions.Codec.");
        _peers = peers.Peers;
        _peerOfSlot = [.. Enumerable.Repeat(-1, share.SlotOfPartition.Max() + 1)];
        for (int i = 0; i < _peers.Count; i++)
        {
            _peerOfSlot[_peers[i]] = i;
        }

        Lookahead = lookahead;
        _seats = [.. Enumerable.Range(0, seats).Select(_ => new Seat([.. _peers.Select(_ => new EventBatch(_codec))]))];
        _accept = Accept;
        _channel = share.Connect(peers);
        _channel.Arrived = () => _seats[0].Share.Worker.WakeIfParked();
    }

    public long Lookahead { get; }

    public void Take(int seat, IslandShare share) => _seats[seat].Share = share;

    /// <summary>Sends an event to a partition of another process; it leaves at the next crossing.</summary>
    public void Post(int from, int slot, long time, ulong origin, int target, VirtualMessage message)
    {
        Seat seat = _seats[from];
        seat.EarliestSent = Math.Min(seat.EarliestSent, time);
        seat.Away[_peerOfSlot[slot]].Add(time, origin, target, message);
    }

    /// <summary>
    /// Called by each thread after all of them have come to the end of a window. Then <paramref name="next"/> and <paramref name="bound"/> are what
    /// all processes agree on. False when the run was aborted.
    /// </summary>
    public bool Cross(IslandShare share, ref long next, ref long bound)
    {
        Seat seat = _seats[share.Seat];
        long crossing = ++seat.Crossings;
        if (share.Seat == 0)
        {
            if (!Lead(share.Worker, next, bound, crossing))
            {
                return false;
            }
        }
        else if (!share.Worker.Await(_run, new Crossed(this, crossing), maySpin: false))
        {
            return false;
        }

        (next, bound) = _agreed;
        seat.Inbox.Empty(_run);
        return true;
    }

    public void Dispose() => _channel.Dispose();

    private bool Lead(Worker worker, long next, long bound, long crossing)
    {
        foreach (Seat seat in _seats)
        {
            next = Math.Min(next, seat.EarliestSent);
            seat.EarliestSent = VirtualDuration.Never;
        }

        WindowTimes mine = new(next, bound);
        for (int i = 0; i < _peers.Count; i++)
        {
            EventBatch batch = _seats[0].Away[i];
            for (int other = 1; other < _seats.Length; other++)
            {
                batch.Append(_seats[other].Away[i]);
                _seats[other].Away[i].Clear();
            }

            _channel.Send(_peers[i], mine, batch.Written);
            batch.Clear();
        }

        if (!worker.Await(_run, new AllBatchesHere(this), maySpin: false))
        {
            return false;
        }

        foreach (int peer in _peers)
        {
            (long peerNext, long peerBound) = _channel.Take(peer, out ReadOnlyMemory<byte> events);
            next = Math.Min(next, peerNext);
            bound = Math.Min(bound, peerBound);
            EventBatch.Read(events.Span, _run, _codec, _accept);
        }

        _agreed = new WindowTimes(next, bound);
        Volatile.Write(ref _crossings, crossing);
        for (int i = 1; i < _seats.Length; i++)
        {
            _seats[i].Share.Worker.WakeIfParked();
        }

        return true;
    }

    /// <summary>The threads wait meanwhile, so that their inboxes are free to be filled.</summary>
    private void Accept(long time, ulong origin, int target, VirtualMessage message)
    {
        IslandShare share = _run.Partitions[_run.PartitionOf[target]]!.Share;
        if (share.Border != this)
        {
            throw new InvalidDataException($"A batch holds an event for entity {target}, which is in another island.");
        }

        _seats[share.Seat].Inbox.Add(time, origin, target, message);
    }

    private sealed class Seat(EventBatch[] away)
    {
        public IslandShare Share { get; set; } = null!;

        public EventBatch[] Away { get; } = away;

        public Outbox Inbox { get; } = new();

        public long EarliestSent { get; set; } = VirtualDuration.Never;

        public long Crossings { get; set; }
    }

    private readonly struct Crossed(IslandBorder border, long crossing) : ICondition
    {
        public bool Holds => Volatile.Read(ref border._crossings) >= crossing;
    }

    private readonly struct AllBatchesHere(IslandBorder border) : ICondition
    {
        public bool Holds
        {
            get
            {
                foreach (int peer in border._peers)
                {
                    if (!border._channel.HasBatch(peer))
                    {
                        return false;
                    }
                }

                return true;
            }
        }
    }
}
