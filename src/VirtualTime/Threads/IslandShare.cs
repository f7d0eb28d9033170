namespace IoScale.VirtualTime.Threads;

/// <summary>
/// The partitions of one island that are on one thread, and their windows. Partitions wait in a heap by next event time, so that a window
/// touches only those that have something to do.
/// </summary>
internal sealed class IslandShare
{
    private readonly Run _run;
    private readonly Partition[] _partitions;
    private readonly Partition[] _heap;
    private readonly long[] _times;
    private readonly long _lookahead;
    private long _reached;

    public IslandShare(Run run, Worker worker, IReadOnlyList<int> partitions, long lookahead, IslandExchange? exchange, int seat)
    {
        _run = run;
        _lookahead = lookahead;
        _partitions = [.. partitions.Select(index => run.Partitions[index])];
        _heap = [.. _partitions];
        _times = new long[_heap.Length];
        Worker = worker;
        Exchange = exchange;
        Seat = seat;
        for (int i = 0; i < _heap.Length; i++)
        {
            _heap[i].Share = this;
            _heap[i].HeapIndex = i;
        }

        exchange?.Take(seat, this);
    }

    public Worker Worker { get; }

    public IReadOnlyList<Partition> Partitions => _partitions;

    /// <summary>Where it meets the other threads of the island; null when it has the island for itself.</summary>
    public IslandExchange? Exchange { get; }

    /// <summary>Its number in the exchange.</summary>
    public int Seat { get; }

    public long Windows { get; private set; }

    /// <summary>Every event of the share before this time is handled; for progress, from any thread.</summary>
    public long Reached
    {
        get
        {
            long reached = Volatile.Read(ref _reached);
            // A partition that is alone has no windows: its own time tells.
            return _partitions.Length == 1 ? Math.Max(reached, _partitions[0].Now) : reached;
        }
    }

    /// <summary>Handles every event before <paramref name="until"/>. All threads of the island call it with the same time.</summary>
    public void RunTo(long until)
    {
        Refresh();
        while (true)
        {
            long bound = Math.Min(until, _run.StopBefore);
            long next = _times[0];
            if (Exchange is not null && !Exchange.Meet(this, ref next, ref bound))
            {
                return;
            }

            if (next >= bound)
            {
                Volatile.Write(ref _reached, bound);
                return;
            }

            Volatile.Write(ref _reached, next);
            Windows++;
            long end = next > bound - _lookahead ? bound : next + _lookahead;
            while (_times[0] < Math.Min(end, _run.StopBefore))
            {
                Partition partition = _heap[0];
                partition.RunTo(end);
                _times[0] = partition.NextTime;
                SiftDown(0);
            }
        }
    }

    /// <summary>An event at <paramref name="time"/> was put into the partition's queue.</summary>
    public void Lower(Partition partition, long time)
    {
        int hole = partition.HeapIndex;
        if (time >= _times[hole])
        {
            return;
        }

        while (hole > 0)
        {
            int parent = (hole - 1) / 2;
            if (_times[parent] <= time)
            {
                break;
            }

            Put(hole, _heap[parent], _times[parent]);
            hole = parent;
        }

        Put(hole, partition, time);
    }

    private void Refresh()
    {
        for (int i = 0; i < _heap.Length; i++)
        {
            _times[i] = _heap[i].NextTime;
        }

        for (int i = _heap.Length / 2; i >= 0; i--)
        {
            SiftDown(i);
        }
    }

    private void SiftDown(int hole)
    {
        Partition partition = _heap[hole];
        long time = _times[hole];
        while (true)
        {
            int child = (hole * 2) + 1;
            if (child >= _heap.Length)
            {
                break;
            }

            if (child + 1 < _heap.Length && _times[child + 1] < _times[child])
            {
                child++;
            }

            if (_times[child] >= time)
            {
                break;
            }

            Put(hole, _heap[child], _times[child]);
            hole = child;
        }

        Put(hole, partition, time);
    }

    private void Put(int place, Partition partition, long time)
    {
        _heap[place] = partition;
        _times[place] = time;
        partition.HeapIndex = place;
    }
}
