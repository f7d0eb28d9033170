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
        int threads = Math.Min(run.Options.Threads, run.Partitions.Length);
        Worker[] workers = [.. Enumerable.Range(0, threads).Select(index => new Worker(index))];
        // Larger first; equal sizes in topology order.
        Island[] islands = [.. Island.Find(run.Topology).OrderByDescending(island => island.Partitions.Sum(p => Size(run, p)))];
        if (islands.Length >= threads)
        {
            int[][] byThread = Spread(islands.Length, threads, i => islands[i].Partitions.Sum(p => Size(run, p)));
            for (int thread = 0; thread < threads; thread++)
            {
                foreach (int i in byThread[thread])
                {
                    workers[thread].Add(new IslandShare(run, workers[thread], islands[i].Partitions, islands[i].Lookahead, null, 0));
                }
            }

            return workers;
        }

        int first = 0;
        int[] threadsOf = ThreadsOf(run, islands, threads);
        for (int i = 0; i < islands.Length; i++)
        {
            SpreadIsland(run, islands[i], workers.AsSpan(first, threadsOf[i]), threads);
            first += threadsOf[i];
        }

        return workers[..first];
    }

    private static long Size(Run run, int partition) => run.Partitions[partition].Members.Count + 1;

    private static int[] ThreadsOf(Run run, Island[] islands, int threads)
    {
        int[] given = [.. islands.Select(_ => 1)];
        for (int left = threads - islands.Length; left > 0; left--)
        {
            int best = -1;
            double largest = 0;
            for (int i = 0; i < islands.Length; i++)
            {
                double load = (double)islands[i].Partitions.Sum(p => Size(run, p)) / given[i];
                if (given[i] < islands[i].Partitions.Count && load > largest)
                {
                    best = i;
                    largest = load;
                }
            }

            given[best]++;
        }

        return given;
    }

    private static void SpreadIsland(Run run, Island island, ReadOnlySpan<Worker> workers, int threads)
    {
        int[][] pieces = [.. island.Partitions.GroupBy(p => run.Topology.Partitions[p].Group).Select(group => group.ToArray())];
        if (pieces.Length < workers.Length)
        {
            pieces = [.. island.Partitions.Select(p => new[] { p })];
        }

        int[] order = [.. Enumerable.Range(0, pieces.Length).OrderByDescending(i => pieces[i].Sum(p => Size(run, p)))];
        int[][] byThread = Spread(pieces.Length, workers.Length, i => pieces[order[i]].Sum(p => Size(run, p)));
        IslandExchange? exchange = workers.Length > 1 ? new IslandExchange(run, workers.Length, threads <= Environment.ProcessorCount) : null;
        for (int seat = 0; seat < workers.Length; seat++)
        {
            int[] mine = [.. byThread[seat].SelectMany(i => pieces[order[i]]).Order()];
            workers[seat].Add(new IslandShare(run, workers[seat], mine, island.Lookahead, exchange, seat));
        }
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
}
