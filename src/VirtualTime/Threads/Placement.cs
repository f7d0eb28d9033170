namespace IoScale.VirtualTime.Threads;

/// <summary>
/// Lays the partitions out on threads: whole islands where there are enough of them, else an island over several threads by group, or by partition
/// where there are fewer groups than threads. A pure function of topology and thread count.
/// </summary>
internal static class Placement
{
    public static IReadOnlyList<Worker> Lay(Run run)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(run.Options.Threads, 1);
        int threads = Math.Min(run.Options.Threads, run.Local.Count);
        Worker[] workers = [.. Enumerable.Range(0, threads).Select(index => new Worker(index))];
        // Larger first; equal sizes in topology order.
        LocalIsland[] islands = [.. Island.Find(run.Topology).Select(island => new LocalIsland(run, island)).Where(island => island.Here.Count > 0)
            .OrderByDescending(island => island.Size)];
        if (islands.Length >= threads)
        {
            int[][] byThread = Spread(islands.Length, threads, i => islands[i].Size);
            for (int thread = 0; thread < threads; thread++)
            {
                // A thread serves its islands one after the other; those that other processes wait for first, and in the same order everywhere.
                foreach (int i in byThread[thread].OrderBy(i => islands[i].IsWhole).ThenBy(i => islands[i].Island.Index))
                {
                    IslandBorder? border = Border(run, islands[i], seats: 1);
                    workers[thread].Add(new IslandShare(run, workers[thread], islands[i].Island, islands[i].Here, null, border, 0));
                }
            }

            return workers;
        }

        int first = 0;
        int[] threadsOf = ThreadsOf(islands, threads);
        for (int i = 0; i < islands.Length; i++)
        {
            SpreadIsland(run, islands[i], workers.AsSpan(first, threadsOf[i]), threads);
            first += threadsOf[i];
        }

        return workers[..first];
    }

    private static long Size(Run run, int partition) => run.Partitions[partition]!.Members.Count + 1;

    private static int[] ThreadsOf(LocalIsland[] islands, int threads)
    {
        int[] given = [.. islands.Select(_ => 1)];
        for (int left = threads - islands.Length; left > 0; left--)
        {
            int best = -1;
            double largest = 0;
            for (int i = 0; i < islands.Length; i++)
            {
                double load = (double)islands[i].Size / given[i];
                if (given[i] < islands[i].Here.Count && load > largest)
                {
                    best = i;
                    largest = load;
                }
            }

            given[best]++;
        }

        return given;
    }

    private static void SpreadIsland(Run run, LocalIsland island, ReadOnlySpan<Worker> workers, int threads)
    {
        int[][] pieces = [.. island.Here.GroupBy(p => run.Topology.Partitions[p].Group).Select(group => group.ToArray())];
        if (pieces.Length < workers.Length)
        {
            pieces = [.. island.Here.Select(p => new[] { p })];
        }

        int[] order = [.. Enumerable.Range(0, pieces.Length).OrderByDescending(i => pieces[i].Sum(p => Size(run, p)))];
        int[][] byThread = Spread(pieces.Length, workers.Length, i => pieces[order[i]].Sum(p => Size(run, p)));
        int[][] mine = [.. byThread.Select(own => own.SelectMany(i => pieces[order[i]]).Order().ToArray())];
        Dictionary<int, int> seatOf = mine.SelectMany((own, seat) => own.Select(p => (p, seat))).ToDictionary(x => x.p, x => x.seat);
        IslandExchange? exchange = workers.Length == 1 ? null : new IslandExchange(
            run, workers.Length, island.Island.Lookahead(p => seatOf.GetValueOrDefault(p, -1)), threads <= Environment.ProcessorCount);
        IslandBorder? border = Border(run, island, workers.Length);
        for (int seat = 0; seat < workers.Length; seat++)
        {
            workers[seat].Add(new IslandShare(run, workers[seat], island.Island, mine[seat], exchange, border, seat));
        }
    }

    private static IslandBorder? Border(Run run, LocalIsland island, int seats)
    {
        if (run.Options.Share is not { } share || island.IsWhole)
        {
            return null;
        }

        int[] peers = [.. island.Island.Partitions.Select(p => share.SlotOfPartition[p]).Distinct().Where(slot => slot != share.Slot).Order()];
        IslandBorder border = new(
            run, share, new IslandPeers(island.Island.Index, peers), seats, island.Island.Lookahead(p => share.SlotOfPartition[p]));
        run.Borders.Add(border);
        return border;
    }

    /// <summary>Items, largest first, each to the thread with the least so far.</summary>
    private static int[][] Spread(int items, int threads, Func<int, long> size)
    {
        List<int>[] lists = [.. Enumerable.Range(0, threads).Select(_ => new List<int>())];
        long[] loads = new long[threads];
        for (int i = 0; i < items; i++)
        {
            int least = Array.IndexOf(loads, loads.Min());
            lists[least].Add(i);
            loads[least] += size(i);
        }

        return [.. lists.Select(list => list.ToArray())];
    }

    /// <summary>What of an island is in this process.</summary>
    private sealed class LocalIsland(Run run, Island island)
    {
        public Island Island { get; } = island;

        public IReadOnlyList<int> Here { get; } = [.. island.Partitions.Where(p => run.Partitions[p] is not null)];

        public bool IsWhole => Here.Count == Island.Partitions.Count;

        public long Size => Here.Sum(p => Placement.Size(run, p));
    }
}
