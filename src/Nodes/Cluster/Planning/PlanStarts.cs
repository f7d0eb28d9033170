namespace IoScale.Nodes.Cluster.Planning;

/// <summary>Simple plans to start from; each gives every slot at least one unit.</summary>
internal static class PlanStarts
{
    /// <summary>Units one after the other to one slot after the other.</summary>
    public static int[] RoundRobin(PlanGraph graph, int slots) => [.. Enumerable.Range(0, graph.Count).Select(unit => unit % slots)];

    /// <summary>The heaviest unit first, each to the slot with the least so far. No plan is balanced much better.</summary>
    public static int[] Balanced(PlanGraph graph, int slots) =>
        Spread([.. Enumerable.Range(0, graph.Count).Select(unit => new[] { unit })], graph, slots);

    /// <summary>Whole islands, the heaviest first; null where there are fewer than slots.</summary>
    public static int[]? Islands(PlanGraph graph, int slots)
    {
        int[][] islands = [.. Walk(graph)];
        return islands.Length >= slots ? Spread(islands, graph, slots) : null;
    }

    /// <summary>Units as a walk from neighbour to neighbour meets them, cut into pieces of about the same load.</summary>
    public static int[] Pieces(PlanGraph graph, int slots)
    {
        int[] slotOf = new int[graph.Count];
        long left = graph.Weights.Sum();
        long load = 0;
        int slot = 0;
        int unitsLeft = graph.Count;
        foreach (int unit in Walk(graph).SelectMany(island => island))
        {
            bool full = load > 0 && (load + (graph.Weights[unit] / 2)) * (slots - slot) >= load + left;
            if (slot < slots - 1 && (full || (load > 0 && unitsLeft <= slots - slot - 1)))
            {
                slot++;
                load = 0;
            }

            slotOf[unit] = slot;
            load += graph.Weights[unit];
            left -= graph.Weights[unit];
            unitsLeft--;
        }

        return slotOf;
    }

    /// <summary>The islands of the graph, the units of each in the order of a breadth-first walk from its first.</summary>
    private static IEnumerable<int[]> Walk(PlanGraph graph)
    {
        bool[] seen = new bool[graph.Count];
        for (int first = 0; first < graph.Count; first++)
        {
            if (seen[first])
            {
                continue;
            }

            seen[first] = true;
            List<int> island = [first];
            for (int i = 0; i < island.Count; i++)
            {
                foreach (PlanGraph.Edge edge in graph.Edges[island[i]])
                {
                    if (!seen[edge.Unit])
                    {
                        seen[edge.Unit] = true;
                        island.Add(edge.Unit);
                    }
                }
            }

            yield return [.. island];
        }
    }

    private static int[] Spread(int[][] pieces, PlanGraph graph, int slots)
    {
        int[] slotOf = new int[graph.Count];
        long[] sizes = [.. pieces.Select(piece => piece.Sum(unit => graph.Weights[unit]))];
        PriorityQueue<int, (long Load, int Slot)> least = new(Enumerable.Range(0, slots).Select(slot => (slot, (0L, slot))));
        // Larger first; equal sizes in order.
        foreach (int piece in Enumerable.Range(0, pieces.Length).OrderByDescending(i => sizes[i]))
        {
            least.TryDequeue(out int slot, out (long Load, int Slot) priority);
            foreach (int unit in pieces[piece])
            {
                slotOf[unit] = slot;
            }

            least.Enqueue(slot, (priority.Load + sizes[piece], slot));
        }

        return slotOf;
    }
}
