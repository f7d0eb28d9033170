using System.Globalization;
using IoScale.Nodes.Results;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Planning;

/// <summary>How fast a run would be on each number of nodes. A forecast to choose by, no promise; the user decides.</summary>
/// <param name="Predictions">For 1, 2, ... nodes.</param>
/// <param name="Plans">What is cut, for the same.</param>
internal sealed record Forecast(IReadOnlyList<CostPrediction> Predictions, IReadOnlyList<PlanDescription> Plans)
{
    /// <summary>Below this gain another number of nodes is not worth the words: the model is not that good.</summary>
    private const double WorthSaying = 1.25;

    /// <summary>Numbers of nodes that are looked at: all up to here, then every doubling.</summary>
    private const int AllUpTo = 8;

    /// <summary>The number of nodes that is predicted to be fastest; among equals the smallest.</summary>
    public CostPrediction Fastest => Predictions.MaxBy(p => p.EventsPerSecond)!;

    /// <param name="threadsOfNode">Threads of each node that could take part; the first ones are used first.</param>
    /// <param name="cores">Cores that all of them share when they run on one machine; null when each has its own.</param>
    public static Forecast Of(Topology topology, ProbeResult probe, IReadOnlyList<int> threadsOfNode, int? cores)
    {
        List<CostPrediction> predictions = [];
        List<PlanDescription> plans = [];
        foreach (int nodes in Counts(threadsOfNode.Count))
        {
            int[] plan = PartitionPlan.Lay(topology, nodes);
            PlanDescription description = PlanDescription.Of(topology, plan);
            if (description.Slots < nodes)
            {
                break;
            }

            int threads = Math.Min(threadsOfNode.Take(nodes).Sum(), topology.Partitions.Count);
            predictions.Add(CostModel.Predict(new CostInputs(
                probe.EventsPerUs,
                probe.EventCpuUs,
                probe.CrossingShare * description.CutLinks / Math.Max(1, topology.Links.Count),
                description.LookaheadPs,
                ThreadLookahead(topology, threads),
                nodes,
                Math.Min(threads, cores ?? threads),
                Imbalance(probe, plan, description.Slots))));
            plans.Add(description);
        }

        return new Forecast(predictions, plans);
    }

    /// <summary>What <c>submit</c> prints.</summary>
    /// <param name="nodes">Nodes that the run will be laid out over.</param>
    public IEnumerable<string> Lines(int nodes)
    {
        int chosen = Enumerable.Range(0, Predictions.Count).Last(i => i == 0 || Predictions[i].Nodes <= nodes);
        yield return "predicted: " + string.Join(", ", Predictions.Select((p, i) => $"{Count(p.Nodes)} {Numbers.Short(p.EventsPerSecond)}{(i == 0 ? " events/s" : "")}")) + Advice(chosen);
        foreach (string line in Cuts(chosen))
        {
            yield return line;
        }
    }

    private static IEnumerable<int> Counts(int most) => Enumerable.Range(1, most).Where(n => n <= AllUpTo || n == most || int.IsPow2(n));

    private static string Count(int nodes) => nodes == 1 ? "1 node" : $"{nodes} nodes";

    private static double Imbalance(ProbeResult probe, int[] plan, int slots)
    {
        double[] loads = new double[slots];
        for (int partition = 0; partition < plan.Length; partition++)
        {
            loads[plan[partition]] += probe.EventsByPartition[partition];
        }

        return Math.Max(1, loads.Max() * slots / Math.Max(1, loads.Sum()));
    }

    /// <summary>Threads share hosts only when there are fewer hosts than threads.</summary>
    private static long ThreadLookahead(Topology topology, int threads)
    {
        int groups = topology.Partitions.Select(p => p.Group).Distinct(StringComparer.Ordinal).Count();
        return topology.Links
            .Where(l => groups < threads || topology.Partitions[l.PartitionA].Group != topology.Partitions[l.PartitionB].Group)
            .Select(l => l.LatencyPs)
            .DefaultIfEmpty(long.MaxValue)
            .Min();
    }

    private string Advice(int chosen) =>
        Fastest.EventsPerSecond < WorthSaying * Predictions[chosen].EventsPerSecond ? ""
        : Fastest.Nodes < Predictions[chosen].Nodes
            ? $"; {(Fastest.Nodes == 1 ? "one node" : $"{Fastest.Nodes} nodes")} would be faster: --nodes {Fastest.Nodes}"
            : $"; {Fastest.Nodes} nodes would be faster";

    private IEnumerable<string> Cuts(int chosen)
    {
        PlanDescription plan = Plans[chosen];
        CostPrediction prediction = Predictions[chosen];
        if (plan.CutLinks == 0)
        {
            yield break;
        }

        yield return $"on {Count(prediction.Nodes)}: {(plan.CutLinks == 1 ? "1 link" : $"{plan.CutLinks} links")} cut, the tightest {plan.TightestLink} with {Numbers.Picoseconds(plan.LookaheadPs)} of virtual time a window; {Numbers.Short(prediction.WindowsPerSecond)} windows/s, {Numbers.Short(prediction.BytesPerWindow)} bytes a window and node, {Numbers.Seconds(prediction.Speed)} of virtual time a second";
        if (plan.SplitGroups.Count > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"warning: {string.Join(", ", plan.SplitGroups.Take(3))}{(plan.SplitGroups.Count > 3 ? " and others are" : plan.SplitGroups.Count > 1 ? " are" : " is")} cut between sockets, which talk within {Numbers.Picoseconds(plan.LookaheadPs)}: {Predictions[0].EventsPerSecond / prediction.EventsPerSecond:0.#} times slower than on one node; as many nodes as hosts are the most that make sense");
        }
    }
}
