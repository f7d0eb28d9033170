namespace IoScale.Nodes.Cluster.Planning;

/// <summary>What the speed of a run follows from.</summary>
/// <param name="EventsPerUs">Events of the whole topology in a microsecond of virtual time, above 0.</param>
/// <param name="EventCpuUs">CPU microseconds of one event on one thread, above 0.</param>
/// <param name="CrossingShare">Events that go to another node, as a share of all; 0 to 1.</param>
/// <param name="LookaheadPs">Virtual time of a window between nodes; <see cref="long.MaxValue"/> when nodes never wait for each other.</param>
/// <param name="ThreadLookaheadPs">The same between threads of one node.</param>
/// <param name="Nodes">At least 1.</param>
/// <param name="Threads">On all nodes together, at least 1; no more than there are cores.</param>
/// <param name="Imbalance">Load of the node that has most, as a multiple of the average; at least 1.</param>
/// <param name="NetworkUs">One-way latency between two nodes, microseconds; 0 on one machine.</param>
internal sealed record CostInputs(
    double EventsPerUs,
    double EventCpuUs,
    double CrossingShare,
    long LookaheadPs,
    long ThreadLookaheadPs,
    int Nodes,
    double Threads,
    double Imbalance,
    double NetworkUs = 0);

/// <param name="WindowsPerSecond">Between nodes; 0 when they never wait for each other.</param>
/// <param name="Speed">Virtual seconds in a second of wall time.</param>
/// <param name="BytesPerWindow">That a node sends, to all others together.</param>
internal sealed record CostPrediction(int Nodes, double EventsPerSecond, double WindowsPerSecond, double Speed, double BytesPerWindow);

/// <summary>
/// Predicts how fast a run will be. A window takes what its events take on the fullest node, and one exchange of batches; idle time is skipped, so a
/// window has at least one event.
/// </summary>
internal static class CostModel
{
    private const double PsPerUs = 1e6;

    public static CostPrediction Predict(CostInputs inputs)
    {
        double eventUs = inputs.Imbalance * (inputs.EventCpuUs + (inputs.CrossingShare * CostConstants.CrossingUs)) / inputs.Threads;
        if (inputs.Threads > inputs.Nodes && inputs.ThreadLookaheadPs != long.MaxValue)
        {
            eventUs += CostConstants.ThreadBorderUs / EventsInWindow(inputs, inputs.ThreadLookaheadPs);
        }

        if (inputs.Nodes == 1 || inputs.LookaheadPs == long.MaxValue)
        {
            return new CostPrediction(inputs.Nodes, 1e6 / eventUs, 0, 1 / (eventUs * inputs.EventsPerUs), 0);
        }

        double events = EventsInWindow(inputs, inputs.LookaheadPs);
        double windowUs = (events * eventUs) + BorderUs(inputs.Nodes, inputs.NetworkUs);
        double bytes = ((inputs.Nodes - 1) * CostConstants.BatchBytes) + (inputs.CrossingShare * events / inputs.Nodes * CostConstants.EventBytes);
        return new CostPrediction(inputs.Nodes, 1e6 * events / windowUs, 1e6 / windowUs, events / inputs.EventsPerUs / windowUs, bytes);
    }

    /// <summary>Microseconds that nodes take for an exchange of batches, each with each.</summary>
    public static double BorderUs(int nodes, double networkUs) => networkUs + CostConstants.BatchUs + (CostConstants.PeerUs * (nodes - 1));

    private static double EventsInWindow(CostInputs inputs, long lookaheadPs) => Math.Max(1, inputs.EventsPerUs * lookaheadPs / PsPerUs);
}
