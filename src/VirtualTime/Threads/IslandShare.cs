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

    public IslandShare(Run run, Worker worker, Island island, IReadOnlyList<int> partitions, IslandExchange? exchange, IslandBorder? border, int seat)
    {
        _run = run;
        HashSet<int> own = [.. partitions];
        _lookahead = island.Lookahead(partition => own.Contains(partition) ? partition : -1);
        _partitions = [.. partitions.Select(index => run.Partitions[index]!)];
        _heap = [.. _partitions];
        _times = new long[_heap.Length];
        Worker = worker;
        Exchange = exchange;
        Border = border;
        Seat = seat;
        for (int i = 0; i < _heap.Length; i++)
        {
            _heap[i].Share = this;
            _heap[i].HeapIndex = i;
        }

        exchange?.Take(seat, this);
        border?.Take(seat, this);
    }

    public Worker Worker { get; }

    public IReadOnlyList<Partition> Partitions => _partitions;

    /// <summary>Where it meets the other threads of the island; null when it has the island for itself.</summary>
    public IslandExchange? Exchange { get; }

    /// <summary>Where the island leaves this process; null when it does not.</summary>
    public IslandBorder? Border { get; }

    /// <summary>Its number in the exchange and at the border.</summary>
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

    /// <summary>
    /// Handles every event before <paramref name="until"/>. All threads of the island call it with the same time, in all its processes. Windows
    /// are nested: those of the processes hold those of the threads, and those hold the ones between a thread's own partitions, so that each
    /// is as long as the links that it waits for allow.
    /// </summary>
    public void RunTo(long until)
    {
        Refresh();
        if (Border is null)
        {
            RunThreads(until, out _, out _);
            return;
        }

        long end = long.MinValue;
        while (RunThreads(end, out long next, out _))
        {
            long bound = Math.Min(until, _run.StopBefore);
            if (!Border.Cross(this, ref next, ref bound))
            {
                return;
            }

            if (next >= bound)
            {
                Volatile.Write(ref _reached, bound);
                return;
            }

            Windows++;
            end = next > bound - Border.Lookahead ? bound : next + Border.Lookahead;
        }
    }

    /// <summary>Windows of the threads. False when the run was aborted.</summary>
    private bool RunThreads(long until, out long next, out long bound)
    {
        while (true)
        {
            bound = Math.Min(until, _run.StopBefore);
            next = _times[0];
            if (Exchange is not null && !Exchange.Meet(this, ref next, ref bound))
            {
                return false;
            }

            if (next >= bound)
            {
                // Before the first crossing nothing is reached yet.
                Volatile.Write(ref _reached, Math.Max(_reached, bound));
                return true;
            }

            Volatile.Write(ref _reached, next);
            Windows += Border is null ? 1 : 0;
            long lookahead = Exchange?.Lookahead ?? _lookahead;
            long end = next > bound - lookahead ? bound : next + lookahead;
            if (Exchange is null)
            {
                RunWindow(end);
            }
            else
            {
                RunOwn(end);
            }
        }
    }

    /// <summary>Windows between the partitions of the thread.</summary>
    private void RunOwn(long until)
    {
        while (true)
        {
            long bound = Math.Min(until, _run.StopBefore);
            long next = _times[0];
            if (next >= bound)
            {
                return;
            }

            RunWindow(next > bound - _lookahead ? bound : next + _lookahead);
        }
    }

    private void RunWindow(long end)
    {
        while (_times[0] < Math.Min(end, _run.StopBefore))
        {
            Partition partition = _heap[0];
            partition.RunTo(end);
            _times[0] = partition.NextTime;
            SiftDown(0);
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
